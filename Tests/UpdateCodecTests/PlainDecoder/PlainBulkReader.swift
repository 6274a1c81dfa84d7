/// Section 8 of `Docs/update-format.md`, written down plainly.
struct PlainBulkReader {
    private let bytes: [UInt8]
    private var position = 0
    private var states: [Int] = []
    private var shape = Shape()

    /// What the side numbers say.
    struct Shape {
        var first = 0
        var zeros: [Int] = []
        var tails: [Int] = []
        var signs: [Int] = []
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.isEmpty { return }
        for _ in 0..<4 {
            let low = word()
            states.append(low + word() << 16)
        }
    }

    var isAtEnd: Bool { position == bytes.count && states.allSatisfy { $0 == 65536 } }

    private mutating func word() -> Int {
        defer { position += 2 }
        return position + 1 < bytes.count ? Int(bytes[position]) + Int(bytes[position + 1]) << 8 : 0
    }

    mutating func use(_ shape: Shape) { self.shape = shape }

    private mutating func refill(_ state: Int) {
        if states[state] < 65536 { states[state] = states[state] << 16 + word() }
    }

    private mutating func raw(_ count: Int, _ state: Int) -> Int {
        let value = states[state] % (1 << count)
        states[state] >>= count
        refill(state)
        return value
    }

    /// One of several symbols with frequencies that add up to 4096.
    private mutating func symbol(_ frequencies: [Int], _ state: Int) -> Int {
        let place = states[state] % 4096
        var start = 0
        var symbol = 0
        while start + frequencies[symbol] <= place {
            start += frequencies[symbol]
            symbol += 1
        }
        states[state] = frequencies[symbol] * (states[state] / 4096) + place - start
        refill(state)
        return symbol
    }

    private func frequencies(_ index: Int) -> [Int] {
        let zero = PlainBitReader.squash((shape.zeros[index] - 32) * 64)
        let tail = PlainBitReader.squash((shape.tails[index] - 32) * 64)
        var result = [(zero + 8) / 16]
        var rest = (65536 - zero) * 65536
        for _ in 1..<15 {
            let after = rest / 65536 * tail
            result.append((rest - after + 524_288) / 1_048_576)
            rest = after
        }
        result.append(max(1, (rest + 524_288) / 1_048_576))
        let largest = result.firstIndex(of: result.max() ?? 0) ?? 0
        result[largest] += 4096 - result.reduce(0, +)
        return result
    }

    /// The values of one column, from the classes that its activity gives.
    mutating func column(classes: [Int], period: Int, side: Int) -> [Int] {
        let part = (classes.count + 3) / 4
        var values = [Int](repeating: 0, count: classes.count)
        for index in 0..<part {
            for state in 0..<4 where state * part + index < classes.count {
                let place = state * part + index
                let left = index > 0 ? values[place - 1] : 0
                let above = period > 0 && index >= period ? values[place - period] : 0
                values[place] = value(classes[place], left, above, neighbours: period > 0 ? 2 : 1, side, state)
            }
        }
        return values
    }

    private mutating func value(
        _ expected: Int, _ left: Int, _ above: Int, neighbours: Int, _ side: Int, _ state: Int
    ) -> Int {
        let near = min(15, abs(left) + abs(above))
        let mean = (8 * PlainBitReader.power(128 * expected + 64 + 2048) + near * 65536) / (8 + neighbours)
        let moved = (PlainBitReader.log2(max(1, mean)) - 2048) >> 7
        let level = max(shape.first, min(shape.first + shape.zeros.count - 1, moved))
        let shift = max(0, (level - 19) >> 1)
        var magnitude = symbol(frequencies(level - shape.first), state)
        if magnitude == 15 {
            let width = min(21, raw(5, state))
            magnitude = raw(min(11, width), state)
            magnitude += raw(max(0, width - 11), state) << 11
            magnitude = min(1 << 20, magnitude)
        } else if shift > 0 {
            magnitude = magnitude << shift + raw(shift, state)
        }
        if magnitude == 0 { return 0 }
        let trend = left + above
        let strength = min(3, abs(trend))
        let code = strength == 0 ? 32 : shape.signs[3 * side + strength - 1]
        let agreement = max(1, min(4095, (PlainBitReader.squash((code - 32) * 64) + 8) / 16))
        let agrees = symbol([agreement, 4096 - agreement], state) == 0
        return agrees == (trend < 0) ? -magnitude : magnitude
    }
}
