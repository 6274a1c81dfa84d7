import Foundation
import Tensors

/// Sections 3, 6 and 7 of `Docs/update-format.md`, written down plainly.
struct PlainTransformDecoder {
    private var reader: PlainBitReader
    private var bulk: PlainBulkReader
    private let step: Double
    private let hasGains: Bool

    /// Decodes a message whose header takes `headerCount` bytes; nil where the stream does not end as it should.
    static func decode(_ bytes: [UInt8], headerCount: Int, layout: ParameterLayout) -> [Double]? {
        let payload = Array(bytes[headerCount...])
        if payload.isEmpty { return [Double](repeating: 0, count: layout.count) }
        let word = UInt32(payload[0]) | UInt32(payload[1]) << 8
        var start = 2
        var length = 0
        if layout.entries.contains(where: { $0.count >= 32768 && min($0.rowCount, $0.columnCount) > 1 }) {
            var shift = 0
            repeat {
                length += Int(payload[start] & 127) << shift
                shift += 7
                start += 1
            } while payload[start - 1] > 127
        }
        var decoder = PlainTransformDecoder(
            reader: PlainBitReader(Array(payload[(start + length)...])),
            bulk: PlainBulkReader(Array(payload[start..<(start + length)])),
            step: Double(Float(bitPattern: (word & 0x7fff) << 16)),
            hasGains: word & 0x8000 != 0)
        var output: [Double] = []
        var channels = 0
        for entry in layout.entries {
            output += decoder.tensor(entry, channels: channels)
            if entry.kind == .weight { channels = entry.rowCount }
        }
        return decoder.reader.isAtEnd && decoder.bulk.isAtEnd ? output : nil
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
                columnPeriod: isTurned ? 0 : period, families: isTurned ? (0, 1) : (1, period > 0 ? 0 : 1),
                mayBeBulk: entry.count >= 32768)
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
        rows: Int, columns: Int, rowPeriod: Int, columnPeriod: Int, families: (left: Int, right: Int), mayBeBulk: Bool
    ) -> [Double] {
        let rank = 1 + reader.side(2, limit: min(64, rows, columns) - 1)
        var output = [Double](repeating: 0, count: rows * columns)
        var lefts = PlainFactor(length: rows, period: rowPeriod, family: families.left)
        var rights = PlainFactor(length: columns, period: columnPeriod, family: families.right)
        let isBulk = mayBeBulk && reader.side(9, limit: 1) == 1
        var scale = 0
        var scales: [Int] = []
        if isBulk {
            for component in 0..<rank {
                scale = component == 0 ? reader.side(3, limit: 127) : scale - reader.side(4, limit: 127)
                scales.append(scale)
            }
            bulk.use(shape())
        }
        for component in 0..<rank {
            let right: [Int]
            let left: [Int]
            if isBulk {
                scale = scales[component]
                right = bulkColumn(&rights, scale: scale, side: 1)
                left = bulkColumn(&lefts, scale: scale, side: 0)
            } else {
                scale = component == 0 ? reader.side(3, limit: 127) : scale - reader.side(4, limit: 127)
                right = rights.column(scale: scale, from: &reader)
                left = lefts.column(scale: scale, from: &reader)
            }
            let factor = step * pow(2, -Double(scale) / 4)
            for row in 0..<rows where left[row] != 0 {
                for column in 0..<columns {
                    output[row * columns + column] += factor * Double(left[row] * right[column])
                }
            }
        }
        return output
    }

    /// A signed number, small magnitudes first; nil for its code 0.
    private mutating func move(_ context: Int) -> Int? {
        let folded = reader.side(context, limit: 255)
        if folded == 0 { return nil }
        return folded % 2 == 0 ? folded / 2 : (1 - folded) / 2
    }

    private mutating func moves(_ context: Int, count: Int) -> [Int] {
        var last = 32
        return (0..<count).map { _ in
            last += move(context) ?? 0
            return last
        }
    }

    private mutating func shape() -> PlainBulkReader.Shape {
        let first = reader.side(11, limit: 31)
        let count = 1 + reader.side(12, limit: 31 - first)
        return PlainBulkReader.Shape(
            first: first, zeros: moves(13, count: count), tails: moves(14, count: count), signs: moves(15, count: 6))
    }

    private mutating func bulkColumn(_ factor: inout PlainFactor, scale: Int, side: Int) -> [Int] {
        let square = 128 * scale - PlainBitReader.log2(factor.length)
        let level = max(-1500, min(square / 2 - 128, square))
        guard let move = move(10) else { return [Int](repeating: 0, count: factor.length) }
        return factor.bulkColumn(meanCode: max(1, min(127, (level + 2144) >> 6)) + move, side: side, from: &bulk)
    }
}
