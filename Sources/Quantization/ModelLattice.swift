import Tensors

/// The global model as clients hold it: integers on a lattice of scales that every machine agrees on to the bit.
///
/// Each output channel (row) of a weight is int8 with its own scale; a vector or statistic is int16 with one scale.
/// Value i of row r stands for `values[i] · ScaleGrid.scale(code: scaleCodes[r])`.
public struct ModelLattice: Hashable, Sendable {
    /// Where the tensors lie.
    public let layout: ParameterLayout
    /// One scale code per row, `layout.rowCount` of them, in the order of the tensors.
    public private(set) var scaleCodes: [Int8]
    /// One integer per parameter: within ±127 in weights and ±32767 in vectors and statistics.
    public private(set) var values: [Int16]

    /// Steps on either side of zero that a tensor of a kind has: 127 for weights, 32767 for everything else.
    public static func levels(of kind: ParameterKind) -> Int { kind == .weight ? 127 : 32767 }

    /// Share of the range that a row must use to keep its scale.
    private static let smallestUse: Float = 0.4

    /// Rounds parameters to the nearest lattice points.
    ///
    /// - Parameters:
    ///   - parameters: `layout.count` finite values.
    ///   - layout: the tensors of the model.
    ///   - previous: the version before. A row keeps its scale while it fits and uses more than 40 % of the range:
    ///     the hysteresis keeps differences between versions small.
    /// - Throws: `QuantizationError.countMismatch`, `.layoutMismatch`, `.notFinite`, `.magnitudeOutOfRange`.
    public init(
        quantizing parameters: [Float], layout: ParameterLayout, previous: ModelLattice? = nil
    ) throws(QuantizationError) {
        guard parameters.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: parameters.count)
        }
        guard previous.map({ $0.layout == layout }) ?? true else { throw .layoutMismatch }
        self.layout = layout
        var codes: [Int8] = []
        codes.reserveCapacity(layout.rowCount)
        var values = [Int16](repeating: 0, count: layout.count)
        for entry in layout.entries {
            let levels = Self.levels(of: entry.kind)
            for row in 0..<entry.rowCount {
                let start = entry.offset + row * entry.columnCount
                let range = start..<(start + entry.columnCount)
                let maximum = try Self.maximumMagnitude(of: parameters, in: range)
                let held = previous?.scaleCodes[codes.count]
                let code = Self.code(covering: maximum, levels: levels, held: held)
                guard ScaleGrid.covers(maximum, code: code, levels: levels) else {
                    throw .magnitudeOutOfRange(row: codes.count)
                }
                Self.round(parameters, in: range, step: ScaleGrid.scale(code: code), levels: levels, into: &values)
                codes.append(code)
            }
        }
        scaleCodes = codes
        self.values = values
    }

    /// Takes over a lattice from its parts, for example one that a decoder has read.
    ///
    /// - Throws: `QuantizationError.countMismatch` when the parts do not fit the layout, `.valueOutOfRange` for a value
    ///   outside the range of its tensor.
    public init(layout: ParameterLayout, scaleCodes: [Int8], values: [Int16]) throws(QuantizationError) {
        guard scaleCodes.count == layout.rowCount else {
            throw .countMismatch(expected: layout.rowCount, actual: scaleCodes.count)
        }
        guard values.count == layout.count else { throw .countMismatch(expected: layout.count, actual: values.count) }
        for entry in layout.entries {
            let levels = Self.levels(of: entry.kind)
            for index in entry.range where abs(Int(values[index])) > levels { throw .valueOutOfRange(index: index) }
        }
        self.layout = layout
        self.scaleCodes = scaleCodes
        self.values = values
    }

    /// The parameters that the lattice stands for, `layout.count` values.
    public func dequantized() -> [Float] {
        var output = [Float](repeating: 0, count: layout.count)
        dequantize(into: &output)
        return output
    }

    /// Writes the parameters that the lattice stands for into `output`, which has `layout.count` elements.
    public func dequantize(into output: inout [Float]) {
        precondition(output.count == layout.count, "the output does not fit the layout")
        var row = 0
        for entry in layout.entries {
            let columns = entry.columnCount
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: columns) {
                let scale = ScaleGrid.scale(code: scaleCodes[row])
                for index in start..<(start + columns) { output[index] = Float(values[index]) * scale }
                row += 1
            }
        }
    }

    /// Scale codes, then values as little-endian 16-bit words: the same bytes on every machine, for hashing.
    public func canonicalBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scaleCodes.count + 2 * values.count)
        for code in scaleCodes { bytes.append(UInt8(bitPattern: code)) }
        for value in values {
            let word = UInt16(bitPattern: value)
            bytes.append(UInt8(truncatingIfNeeded: word))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        }
        return bytes
    }

    private static func maximumMagnitude(of values: [Float], in range: Range<Int>) throws(QuantizationError) -> Float {
        var maximum: Float = 0
        for index in range {
            guard values[index].isFinite else { throw .notFinite(index: index) }
            maximum = max(maximum, abs(values[index]))
        }
        return maximum
    }

    private static func code(covering maximum: Float, levels: Int, held: Int8?) -> Int8 {
        if let held, ScaleGrid.covers(maximum, code: held, levels: levels) {
            let used = maximum / (Float(levels) * ScaleGrid.scale(code: held))
            if maximum == 0 || used > smallestUse { return held }
        }
        return ScaleGrid.code(covering: maximum, levels: levels)
    }

    private static func round(
        _ parameters: [Float], in range: Range<Int>, step: Float, levels: Int, into values: inout [Int16]
    ) {
        let limit = Float(levels)
        for index in range {
            let nearest = (parameters[index] / step).rounded(.toNearestOrEven)
            values[index] = Int16(max(-limit, min(limit, nearest)))
        }
    }
}
