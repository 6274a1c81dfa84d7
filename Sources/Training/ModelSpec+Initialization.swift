import Tensors

extension ModelSpec {
    /// Parameters to begin with: weights and biases uniform in ±1/√fanIn (LeCun et al. 1998, "Efficient BackProp", §4.6,
    /// in the form that is usual today), embeddings uniform in ±1, batch norm neutral.
    ///
    /// The same on every machine: integer random bits, then only operations that IEEE 754 rounds correctly. Each tensor has
    /// a stream of its own, derived from its position.
    ///
    /// - Throws: as `layout()`.
    public func initialParameters(seed: Seed) throws(TrainingError) -> [Float] {
        let layers = try resolved()
        var parameters: [Float] = []
        parameters.reserveCapacity(try Self.layout(of: layers).count)
        for (index, tensor) in layers.flatMap(\.allTensors).enumerated() {
            let count = tensor.shape.reduce(1, *)
            switch tensor.initial {
            case .constant(let value): parameters.append(contentsOf: repeatElement(value, count: count))
            case .unitUniform: append(count, bound: 1, seed.derived("parameters", index), &parameters)
            case .uniform(let fanIn):
                append(count, bound: 1 / Float(fanIn).squareRoot(), seed.derived("parameters", index), &parameters)
            }
        }
        return parameters
    }

    private func append(_ count: Int, bound: Float, _ seed: Seed, _ parameters: inout [Float]) {
        var random = SeededRandom(seed)
        for _ in 0..<count { parameters.append((2 * random.unitFloat() - 1) * bound) }
    }
}
