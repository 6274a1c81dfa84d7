import Quantization

extension FloatNetwork {
    /// Ranges of all activations over some samples, in the order of `tensors`.
    ///
    /// - Parameter samples: each channels innermost.
    /// - Throws: `TrainingError.invalidSet` for a sample of another size.
    public func activationRanges(over samples: [[Float]]) throws(TrainingError) -> [ActivationRange] {
        var runner = FloatNetworkRunner(self)
        var ranges = [ActivationRange](repeating: ActivationRange(low: 0, high: 0), count: tensors.count)
        for sample in samples {
            let activations = try runner.activations(sample)
            for index in ranges.indices { ranges[index].include(activations[index]) }
        }
        return ranges
    }
}
