import Foundation
import Tensors

/// Sections 3, 6 and 7 of `Docs/update-format.md`, written down plainly.
struct PlainTransformDecoder {
    private var reader: PlainBitReader
    private let step: Double
    private let hasGains: Bool

    /// Decodes a message whose header takes `headerCount` bytes; nil where the stream does not end as it should.
    static func decode(_ bytes: [UInt8], headerCount: Int, layout: ParameterLayout) -> [Double]? {
        let payload = Array(bytes[headerCount...])
        if payload.isEmpty { return [Double](repeating: 0, count: layout.count) }
        let word = UInt32(payload[0]) | UInt32(payload[1]) << 8
        var decoder = PlainTransformDecoder(
            reader: PlainBitReader(Array(payload[2...])), step: Double(Float(bitPattern: (word & 0x7fff) << 16)),
            hasGains: word & 0x8000 != 0)
        var output: [Double] = []
        var channels = 0
        for entry in layout.entries {
            output += decoder.tensor(entry, channels: channels)
            if entry.kind == .weight { channels = entry.rowCount }
        }
        return decoder.reader.isAtEnd ? output : nil
    }

    private mutating func tensor(_ entry: ParameterEntry, channels: Int) -> [Double] {
        let rows = entry.rowCount
        let columns = entry.columnCount
        let kernel = entry.shape.dropFirst(2).reduce(1, *)
        let isKernel = entry.kind == .weight && entry.shape.count > 2 && kernel > 1
        let isTurnable = isKernel && entry.shape[1] > 1
        var period = isKernel && entry.shape.count > 3 ? entry.shape[entry.shape.count - 1] : 0
        if entry.kind == .weight, !isKernel, channels > 0, columns % channels == 0 {
            let side = Int(Double(columns / channels).squareRoot().rounded())
            if side > 1, side * side * channels == columns { period = side }
        }
        var output = [Double](repeating: 0, count: entry.count)
        var isSent = false
        if min(rows, columns) > 1, reader.side(0, limit: 1) == 1 {
            isSent = true
            let isTurned = isTurnable && reader.side(1, limit: 1) == 1
            let area = isTurned ? kernel : 1
            let product = factors(
                rows: rows * area, columns: columns / area, rowPeriod: isTurned ? period : 0,
                columnPeriod: isTurned ? 0 : period, families: isTurned ? (0, 1) : (1, period > 0 ? 0 : 1))
            for row in 0..<rows {
                for column in 0..<columns {
                    let source = (row * area + column % area) * (columns / area) + column / area
                    output[row * columns + column] = product[source]
                }
            }
        }
        let isVector = entry.kind != .weight
        if reader.side(isVector ? 6 : 5, limit: 1) == 1 {
            isSent = true
            let level = reader.side(7, limit: 127)
            let values = reader.grid(
                rows: rows, columns: columns, period: period, family: isVector ? 3 : 2, level: 64 * (level - 48))
            for index in values.indices { output[index] += step * Double(values[index]) }
        }
        if hasGains, isSent {
            let gain = 1 + Double(reader.side(8, limit: 127)) / 32
            for index in output.indices { output[index] *= gain }
        }
        return output
    }

    private mutating func factors(
        rows: Int, columns: Int, rowPeriod: Int, columnPeriod: Int, families: (left: Int, right: Int)
    ) -> [Double] {
        let rank = 1 + reader.side(2, limit: min(64, rows, columns) - 1)
        var output = [Double](repeating: 0, count: rows * columns)
        var lefts = PlainFactor(length: rows, period: rowPeriod, family: families.left)
        var rights = PlainFactor(length: columns, period: columnPeriod, family: families.right)
        var scale = 0
        for component in 0..<rank {
            scale = component == 0 ? reader.side(3, limit: 127) : scale - reader.side(4, limit: 127)
            let right = rights.column(scale: scale, from: &reader)
            let left = lefts.column(scale: scale, from: &reader)
            let factor = step * pow(2, -Double(scale) / 4)
            for row in 0..<rows where left[row] != 0 {
                for column in 0..<columns {
                    output[row * columns + column] += factor * Double(left[row] * right[column])
                }
            }
        }
        return output
    }
}
