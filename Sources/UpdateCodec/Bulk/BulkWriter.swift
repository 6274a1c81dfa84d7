/// Collects columns and writes them last to first, as the numeral system wants.
struct BulkWriter: BulkCoder {
    private struct Column {
        let line: BulkLine
        let shape: Int
        let values: [Int32]
        let contexts: [BulkLine.Context]
    }

    /// What a shape is turned into for writing.
    private struct Tables {
        /// Per class and symbol: the sum of the frequencies before it above 16 bits of its own.
        var symbols = [UInt32](repeating: 0, count: BulkShape.classCount * BulkFrequencies.symbolCount)
        let signs: [UInt32]
        let refinements: [[UInt8]]

        init(_ shape: BulkShape) {
            signs = shape.signFrequencies()
            refinements = [shape.refinement(neighbours: 1), shape.refinement(neighbours: 2)]
            for (index, level) in shape.classes.enumerated() {
                var start = 0
                for (symbol, frequency) in shape.frequencies(at: index).enumerated() {
                    symbols[level * BulkFrequencies.symbolCount + symbol] = UInt32(start << 16 | frequency)
                    start += frequency
                }
            }
        }
    }

    private var columns: [Column] = []
    private var tables: [Tables] = []

    mutating func use(_ shape: BulkShape) { tables.append(Tables(shape)) }

    mutating func code(_ values: UnsafeMutablePointer<Int32>, classes: UnsafePointer<UInt8>, line: BulkLine) {
        guard let last = tables.last else { return }
        let contexts = line.contexts(values, classes: classes, refinement: last.refinements[line.period > 0 ? 1 : 0])
        columns.append(
            Column(
                line: line, shape: tables.count - 1,
                values: Array(UnsafeBufferPointer(start: values, count: line.count)), contexts: contexts))
    }

    /// All bytes: the four states, then words of 16 bits, in the order in which they are read; nothing for no columns.
    consuming func finish() -> [UInt8] {
        if columns.isEmpty { return [] }
        var output = BulkOutput()
        for column in columns.reversed() {
            let tables = tables[column.shape]
            let part = column.line.part
            tables.symbols.withUnsafeBufferPointer { symbols in
                for index in stride(from: part - 1, through: 0, by: -1) {
                    for state in stride(from: BulkState.count - 1, through: 0, by: -1) {
                        let place = state * part + index
                        guard place < column.line.count else { continue }
                        let context = column.contexts[place]
                        let sign = tables.signs[
                            column.line.side * (BulkShape.strengthCount + 1) + Int(context.strength)]
                        output.put(
                            column.values[place], context, symbols: symbols, agreement: sign, state: state)
                    }
                }
            }
        }
        return output.bytes()
    }
}

/// The states of the numeral system and the words that they have given off.
private struct BulkOutput {
    private var states = SIMD4<UInt32>(repeating: BulkState.least)
    private var words: [UInt16] = []

    /// Puts a value in front of those that are there.
    @inline(__always)
    mutating func put(
        _ value: Int32, _ context: BulkLine.Context, symbols: UnsafeBufferPointer<UInt32>, agreement: UInt32,
        state place: Int
    ) {
        var state = states[place]
        let level = Int(context.level)
        let shift = BulkShape.shift(of: level)
        let magnitude = Int(abs(value))
        let high = magnitude >> shift
        if value != 0 {
            if (value < 0) == context.isNegative {
                put(start: 0, frequency: agreement, &state)
            } else {
                put(start: agreement, frequency: 4096 - agreement, &state)
            }
        }
        let row = level * BulkFrequencies.symbolCount
        let entry = high < BulkFrequencies.escape ? symbols[row + high] : 0
        if entry & 0xffff > 0 {
            if shift > 0 { putRaw(magnitude & (1 << shift - 1), count: shift, &state) }
            put(start: entry >> 16, frequency: entry & 0xffff, &state)
        } else {
            let width = Int.bitWidth - magnitude.leadingZeroBitCount
            putRaw(magnitude >> BulkState.rawBits, count: max(0, width - BulkState.rawBits), &state)
            putRaw(magnitude & (1 << BulkState.rawBits - 1), count: min(BulkState.rawBits, width), &state)
            putRaw(width, count: BulkState.widthBits, &state)
            let escape = symbols[row + BulkFrequencies.escape]
            put(start: escape >> 16, frequency: escape & 0xffff, &state)
        }
        states[place] = state
    }

    @inline(__always)
    private mutating func put(start: UInt32, frequency: UInt32, _ state: inout UInt32) {
        if UInt64(state) >= UInt64(frequency) << 20 { giveOff(&state) }
        let (quotient, remainder) = state.quotientAndRemainder(dividingBy: frequency)
        state = quotient << UInt32(BulkFrequencies.bits) &+ remainder &+ start
    }

    private mutating func putRaw(_ value: Int, count: Int, _ state: inout UInt32) {
        if UInt64(state) >= 1 << UInt64(32 - count) { giveOff(&state) }
        state = state << UInt32(count) | UInt32(value)
    }

    private mutating func giveOff(_ state: inout UInt32) {
        words.append(UInt16(truncatingIfNeeded: state))
        state >>= 16
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
