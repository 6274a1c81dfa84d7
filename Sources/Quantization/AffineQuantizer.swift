/// The affine quantizer r = S(q − Z) (Jacob et al. 2018, section 2.1, arXiv:1712.05877) in 1–8 bits, with one scale per
/// tensor or per channel (Krishnamoorthi 2018, arXiv:1806.08342).
public struct AffineQuantizer: Hashable, Sendable {
    /// Where zero lies on the integer range.
    public enum Symmetry: Hashable, Sendable {
        /// Z = 0 and q within ±(2^(width−1) − 1); 2–8 bits.
        case symmetric
        /// q within 0…2^width − 1, Z such that 0 is exact; 1–8 bits.
        case asymmetric
    }

    /// Bits per value.
    public let width: Int
    /// Where zero lies.
    public let symmetry: Symmetry

    /// Makes a quantizer.
    ///
    /// - Throws: `QuantizationError.unsupportedWidth` outside 2–8 bits (symmetric) or 1–8 bits (asymmetric).
    public init(width: Int, symmetry: Symmetry) throws(QuantizationError) {
        guard (symmetry == .symmetric ? 2...8 : 1...8).contains(width) else { throw .unsupportedWidth(width) }
        self.width = width
        self.symmetry = symmetry
    }

    /// The integers that values may take.
    public var range: ClosedRange<Int> {
        switch symmetry {
        case .symmetric: (1 - 1 << (width - 1))...(1 << (width - 1) - 1)
        case .asymmetric: 0...(1 << width - 1)
        }
    }

    /// Quantizes a matrix to the nearest integers, each row with its own scale and zero point.
    ///
    /// The error of a value is at most half a scale (symmetric) or one scale (asymmetric, where the zero point is
    /// rounded too).
    ///
    /// - Parameters:
    ///   - values: finite values, row-major.
    ///   - rows: channels that share a scale; 1 is per tensor. Must divide `values.count`.
    /// - Throws: `QuantizationError.unevenRows`, `.notFinite`; `.magnitudeOutOfRange` for a row that spans more than a
    ///   quarter of what `Float` can hold.
    public func quantize(_ values: [Float], rows: Int = 1) throws(QuantizationError) -> AffineTensor {
        guard rows > 0, values.count % rows == 0 else { throw .unevenRows(count: values.count, rows: rows) }
        if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
        let columns = values.count / rows
        var scales: [Float] = []
        var zeroPoints: [Int16] = []
        var integers = [Int16](repeating: 0, count: values.count)
        for row in 0..<rows {
            let (scale, zero) = parameters(covering: values[(row * columns)..<((row + 1) * columns)])
            guard scale * Float(range.upperBound) <= .greatestFiniteMagnitude / 4 else {
                throw .magnitudeOutOfRange(row: row)
            }
            scales.append(scale)
            zeroPoints.append(Int16(zero))
            for index in (row * columns)..<((row + 1) * columns) where scale > 0 {
                let nearest = (values[index] / scale).rounded(.toNearestOrEven) + Float(zero)
                integers[index] = Int16(max(Float(range.lowerBound), min(Float(range.upperBound), nearest)))
            }
            if scale == 0 { for index in (row * columns)..<((row + 1) * columns) { integers[index] = Int16(zero) } }
        }
        return AffineTensor(scales: scales, zeroPoints: zeroPoints, integers: integers)
    }

    private func parameters(covering values: ArraySlice<Float>) -> (scale: Float, zero: Int) {
        let low = min(0, values.min() ?? 0)
        let high = max(0, values.max() ?? 0)
        switch symmetry {
        case .symmetric: return (max(-low, high) / Float(range.upperBound), 0)
        case .asymmetric:
            let scale = (high - low) / Float(range.upperBound)
            let zero = scale > 0 && scale.isFinite ? (-low / scale).rounded(.toNearestOrEven) : 0
            return (scale, min(range.upperBound, Int(min(zero, Float(range.upperBound)))))
        }
    }
}
