/// `AffineQuantizer` as a scheme for one tensor: a scale per row or one for all.
public struct PerChannelAffineQuantizer: TensorQuantizer, Hashable {
    /// The format of the integers.
    public let format: AffineQuantizer
    /// Whether each row has a scale of its own.
    public let isPerChannel: Bool

    /// Makes a quantizer.
    ///
    /// - Throws: `QuantizationError.unsupportedWidth`.
    public init(
        width: Int, symmetry: AffineQuantizer.Symmetry = .symmetric, isPerChannel: Bool = true
    ) throws(QuantizationError) {
        format = try AffineQuantizer(width: width, symmetry: symmetry)
        self.isPerChannel = isPerChannel
    }

    /// Quantizes a row-major matrix, see `TensorQuantizer.quantize`.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> PackedAffineTensor {
        guard rows > 0, values.count % rows == 0 else { throw .unevenRows(count: values.count, rows: rows) }
        return PackedAffineTensor(format, try format.quantize(values, rows: isPerChannel ? rows : 1))
    }
}

/// Integers of an affine tensor, packed in their width.
public struct PackedAffineTensor: QuantizedTensor, Hashable {
    /// The format of the integers.
    public let format: AffineQuantizer
    /// One scale per row.
    public let scales: [Float]
    /// One zero point per row.
    public let zeroPoints: [Int16]
    /// The integers above the bottom of the format's range, without gaps.
    public let bytes: [UInt8]
    /// Number of values.
    public let count: Int

    init(_ format: AffineQuantizer, _ tensor: AffineTensor) {
        self.format = format
        scales = tensor.scales
        zeroPoints = tensor.zeroPoints
        count = tensor.integers.count
        let bottom = Int16(format.range.lowerBound)
        bytes = PackedIntegers.pack(tensor.integers.map { UInt8($0 - bottom) }, width: format.width)
    }

    /// Bits that the values and their side information take.
    public var bitCount: Int {
        let zeroPointBits = format.symmetry == .asymmetric ? format.width : 0
        return format.width * count + (32 + zeroPointBits) * scales.count
    }

    /// Largest distance between a value and what it is decoded to.
    public var errorBound: Float {
        let largest = scales.reduce(0, max)
        return format.symmetry == .symmetric ? largest / 2 : largest
    }

    /// The values that this stands for.
    public func dequantized() -> [Float] {
        let bottom = Int16(format.range.lowerBound)
        let columns = scales.isEmpty ? 0 : count / scales.count
        // The bytes were packed by `init`, so they cannot have another length.
        let packed = (try? PackedIntegers.unpack(bytes, count: count, width: format.width)) ?? []
        return packed.indices.map { index in
            let row = index / columns
            return scales[row] * Float(Int16(packed[index]) + bottom - zeroPoints[row])
        }
    }
}
