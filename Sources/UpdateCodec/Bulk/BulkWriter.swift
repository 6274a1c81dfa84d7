/// Collects columns and writes them last to first, as the numeral system wants.
struct BulkWriter: BulkCoder {
    private var shapes: [BulkShape] = []

    mutating func code(
        _ factors: inout LowRankCode, shape: BulkShape, walk: () -> BulkFactors, meanCode: (Int, Int) -> Int
    ) {
        for component in 0..<factors.rank {
            _ = meanCode(2 * component, factors.columns)
            _ = meanCode(2 * component + 1, factors.rows)
        }
        shapes.append(shape)
    }

    /// All bytes: the four states, then words of 16 bits, in the order in which they are read; nothing for no columns.
    consuming func finish() -> [UInt8] {
        if shapes.allSatisfy(\.columns.isEmpty) { return [] }
        var output = BulkOutput()
        for shape in shapes.reversed() {
            let intervals = BulkIntervals(shape)
            for column in shape.columns.reversed() { output.put(column, by: intervals) }
        }
        return output.bytes()
    }
}

/// The states of the numeral system and the words that they have given off.
private struct BulkOutput {
    private var states = SIMD4<UInt32>(repeating: BulkState.least)
    private var words: [UInt16] = []

    /// Puts a column in front of those that are there.
    mutating func put(_ column: BulkColumn, by intervals: BulkIntervals) {
        let (count, part) = (column.line.count, column.line.part)
        column.values.withUnsafeBufferPointer { values in
            column.contexts.withUnsafeBufferPointer { contexts in
                intervals.symbols.withUnsafeBufferPointer { symbols in
                    intervals.signs[column.line.side].withUnsafeBufferPointer { signs in
                        let step = BulkPut(values: values, contexts: contexts, symbols: symbols, signs: signs)
                        var (a, b, c, d) = (states[0], states[1], states[2], states[3])
                        for index in stride(from: part - 1, through: 0, by: -1) {
                            if 3 * part + index < count { step.put(3 * part + index, &d, &words) }
                            if 2 * part + index < count { step.put(2 * part + index, &c, &words) }
                            if part + index < count { step.put(part + index, &b, &words) }
                            step.put(index, &a, &words)
                        }
                        states = SIMD4(a, b, c, d)
                    }
                }
            }
        }
    }

    consuming func bytes() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 + 2 * words.count)
        for state in 0..<BulkState.count { bytes.append(integer: UInt64(states[state]), byteCount: 4) }
        for word in words.reversed() {
            bytes.append(UInt8(truncatingIfNeeded: word))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        }
        return bytes
    }
}

/// Puts the values of one column.
private struct BulkPut {
    let values: UnsafeBufferPointer<Int32>
    let contexts: UnsafeBufferPointer<BulkLine.Context>
    let symbols: UnsafeBufferPointer<BulkInterval>
    /// By strength of the neighbours' signs: those that agree, and the others.
    let signs: UnsafeBufferPointer<BulkInterval>

    @inline(__always)
    func put(_ place: Int, _ state: inout UInt32, _ words: inout [UInt16]) {
        let value = values[place]
        let context = contexts[place]
        let level = Int(context.level)
        let shift = BulkShape.shift(of: level)
        let magnitude = Int(abs(value))
        let high = magnitude >> shift
        if value != 0 {
            put(signs[2 * Int(context.strength) + ((value < 0) == context.isNegative ? 0 : 1)], &state, &words)
        }
        let row = level * BulkFrequencies.symbolCount
        if high < BulkFrequencies.escape, symbols[row + high].frequency > 0 {
            if shift > 0 { putRaw(magnitude & (1 << shift - 1), count: shift, &state, &words) }
            put(symbols[row + high], &state, &words)
        } else {
            let width = Int.bitWidth - magnitude.leadingZeroBitCount
            putRaw(magnitude >> BulkState.rawBits, count: max(0, width - BulkState.rawBits), &state, &words)
            putRaw(magnitude & (1 << BulkState.rawBits - 1), count: min(BulkState.rawBits, width), &state, &words)
            putRaw(width, count: BulkState.widthBits, &state, &words)
            put(symbols[row + BulkFrequencies.escape], &state, &words)
        }
    }

    @inline(__always)
    private func put(_ interval: BulkInterval, _ state: inout UInt32, _ words: inout [UInt16]) {
        if UInt64(state) >= UInt64(interval.frequency) << 20 { giveOff(&state, &words) }
        let quotient = interval.quotient(of: state)
        let remainder = state &- quotient &* interval.frequency
        state = quotient << UInt32(BulkFrequencies.bits) &+ remainder &+ interval.start
    }

    @inline(never)
    private func putRaw(_ value: Int, count: Int, _ state: inout UInt32, _ words: inout [UInt16]) {
        if UInt64(state) >= 1 << UInt64(32 - count) { giveOff(&state, &words) }
        state = state << UInt32(count) | UInt32(value)
    }

    @inline(__always)
    private func giveOff(_ state: inout UInt32, _ words: inout [UInt16]) {
        words.append(UInt16(truncatingIfNeeded: state))
        state >>= 16
    }
}
