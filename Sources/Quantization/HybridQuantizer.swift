import Tensors

/// A quantizer for each layer of a model.
public struct HybridQuantizer: Sendable {
    /// For tensors that nothing else is said about.
    public let standard: any TensorQuantizer
    /// For single tensors (`0.conv2d/weight`) or all tensors of a layer (`0.conv2d`); the longer name wins.
    public let overrides: [String: any TensorQuantizer]

    /// Makes a quantizer.
    public init(standard: any TensorQuantizer, overrides: [String: any TensorQuantizer] = [:]) {
        self.standard = standard
        self.overrides = overrides
    }

    /// Quantizes all tensors, each with its rows as channels.
    ///
    /// - Parameters:
    ///   - parameters: `layout.count` finite values.
    ///   - layout: the tensors.
    /// - Throws: `QuantizationError.unknownLayer` for an override that names nothing in the layout, `.countMismatch`,
    ///   `.notFinite` with the position in `parameters`.
    public func quantize(
        _ parameters: [Float], layout: ParameterLayout
    ) throws(QuantizationError) -> HybridTensor {
        guard parameters.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: parameters.count)
        }
        try parameters.checkFinite()
        var unused = Set(overrides.keys)
        var tensors: [any QuantizedTensor] = []
        for entry in layout.entries {
            unused.remove(entry.name)
            unused.remove(Self.layer(of: entry.name))
            let chosen = overrides[entry.name] ?? overrides[Self.layer(of: entry.name)] ?? standard
            tensors.append(try Self.quantize(Array(parameters[entry.range]), rows: entry.rowCount, chosen))
        }
        if let name = unused.min() { throw .unknownLayer(name) }
        return HybridTensor(tensors: tensors)
    }

    private static func quantize(
        _ values: [Float], rows: Int, _ quantizer: some TensorQuantizer
    ) throws(QuantizationError) -> any QuantizedTensor {
        try quantizer.quantize(values, rows: rows)
    }

    private static func layer(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? name
    }
}

/// The tensors of a model, each in its own format.
public struct HybridTensor: QuantizedTensor {
    /// One tensor per entry of the layout.
    public let tensors: [any QuantizedTensor]

    /// Number of values.
    public var count: Int { tensors.reduce(0) { $0 + $1.count } }
    /// Bits that the values and their side information take.
    public var bitCount: Int { tensors.reduce(0) { $0 + $1.bitCount } }
    /// Largest distance between a value and what it is decoded to.
    public var errorBound: Float { tensors.reduce(0) { max($0, $1.errorBound) } }

    /// The values that this stands for.
    public func dequantized() -> [Float] { tensors.flatMap { $0.dequantized() } }
}
