/// Reads what `BulkWriter` wrote. Never reads past the end: missing words are zeros, and `isAtEnd` is false then.
struct BulkReader: BulkCoder {
    private var input: BulkInput
    private var states: SIMD4<UInt32> = .zero
    /// Per class 2^12 entries: from the lowest, 12 bits of offset, 12 bits of frequency less 1, the symbol, and the
    /// highest bit where there is more to read than the symbol.
    private var tables: [UInt32] = []
    private var refinements: [[UInt8]] = []
    private var signs: [UInt32] = []

    private static let more: UInt32 = 1 << 31

    /// Starts on bytes that outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        input = BulkInput(bytes)
        if bytes.isEmpty { return }
        for state in 0..<BulkState.count {
            let low = UInt32(input.nextWord())
            states[state] = low | UInt32(input.nextWord()) << 16
        }
    }

    /// Whether everything was read and the states are back where the writer started.
    var isAtEnd: Bool {
        if input.isEmpty { return tables.isEmpty }
        return input.isAtEnd && states == SIMD4(repeating: BulkState.least)
    }

    mutating func code(
        _ factors: inout LowRankCode, shape: BulkShape, walk: () -> BulkFactors, meanCode: (Int, Int) -> Int
    ) {
        use(shape)
        var columns = walk()
        columns.walk(
            &factors, meanCode: { place, length, _ in meanCode(place, length) },
            body: { column, classes, line in read(column, classes: classes, line: line) })
    }

    private mutating func use(_ shape: BulkShape) {
        let size = 1 << BulkFrequencies.bits
        if tables.isEmpty { tables = [UInt32](repeating: 0, count: BulkShape.classCount * size) }
        signs = shape.signFrequencies()
        refinements = [shape.refinement(neighbours: 1), shape.refinement(neighbours: 2)]
        tables.withUnsafeMutableBufferPointer { tables in
            for (index, level) in shape.classes.enumerated() {
                var place = level * size
                for (symbol, frequency) in shape.frequencies(at: index).enumerated() where frequency > 0 {
                    let isWhole = BulkShape.shift(of: level) == 0 && symbol != BulkFrequencies.escape
                    let entry = (isWhole ? 0 : Self.more) | UInt32(symbol) << 24 | UInt32(frequency - 1) << 12
                    for offset in 0..<frequency { tables[place + offset] = entry | UInt32(offset) }
                    place += frequency
                }
            }
        }
    }

    private mutating func read(
        _ values: UnsafeMutablePointer<Int32>, classes: UnsafePointer<UInt8>, line: BulkLine
    ) {
        let part = line.part
        // The last part may be shorter, or even the one before it.
        let common = max(0, line.count - 3 * part)
        let offset = line.side * (BulkShape.strengthCount + 1)
        tables.withUnsafeBufferPointer { tables in
            refinements[line.period > 0 ? 1 : 0].withUnsafeBufferPointer { refinement in
                signs.withUnsafeBufferPointer { signs in
                    guard let tables = tables.baseAddress, let refinement = refinement.baseAddress,
                        let signs = signs.baseAddress
                    else { return }
                    let step = BulkStep(
                        tables: tables, refinement: refinement, signs: signs + offset, period: line.period)
                    var (a, b, c, d) = (states[0], states[1], states[2], states[3])
                    for index in 0..<common {
                        step.read(values, classes, index, from: 0, &a, &input)
                        step.read(values, classes, part + index, from: part, &b, &input)
                        step.read(values, classes, 2 * part + index, from: 2 * part, &c, &input)
                        step.read(values, classes, 3 * part + index, from: 3 * part, &d, &input)
                    }
                    for index in common..<part {
                        step.read(values, classes, index, from: 0, &a, &input)
                        if part + index < line.count {
                            step.read(values, classes, part + index, from: part, &b, &input)
                        }
                        if 2 * part + index < line.count {
                            step.read(values, classes, 2 * part + index, from: 2 * part, &c, &input)
                        }
                    }
                    states = SIMD4(a, b, c, d)
                }
            }
        }
    }

    /// Reads one value.
    private struct BulkStep {
        let tables: UnsafePointer<UInt32>
        let refinement: UnsafePointer<UInt8>
        let signs: UnsafePointer<UInt32>
        let period: Int

        @inline(__always)
        func read(
            _ values: UnsafeMutablePointer<Int32>, _ classes: UnsafePointer<UInt8>, _ index: Int, from start: Int,
            _ state: inout UInt32, _ input: inout BulkInput
        ) {
            let left = index > start ? values[index &- 1] : 0
            let above = period > 0 && index &- start >= period ? values[index &- period] : 0
            let near = min(Int32(BulkShape.nearCount - 1), abs(left) &+ abs(above))
            let trend = left &+ above
            let level = Int(refinement[Int(classes[index]) &* BulkShape.nearCount &+ Int(near)])
            let entry = tables[level << BulkFrequencies.bits + Int(state & 0xfff)]
            state = ((entry >> 12 & 0xfff) &+ 1) &* (state >> 12) &+ (entry & 0xfff)
            input.refill(&state)
            var magnitude = entry >> 24
            if entry >= BulkReader.more {
                magnitude = input.restOfMagnitude(&state, symbol: magnitude & 0x7f, level: level)
            }
            // A zero has no sign: it agrees with frequency 2^12, which leaves the state as it is.
            let agreeing = magnitude == 0 ? 4096 : signs[Int(min(Int32(BulkShape.strengthCount), abs(trend)))]
            let rest = state & 0xfff
            let agrees = rest < agreeing
            state =
                agrees
                ? agreeing &* (state >> 12) &+ rest : (4096 &- agreeing) &* (state >> 12) &+ rest &- agreeing
            input.refill(&state)
            let sign: Int32 = agrees == (trend < 0) ? -1 : 0
            values[index] = (Int32(truncatingIfNeeded: magnitude) ^ sign) &- sign
        }
    }
}

/// The words that states take in.
private struct BulkInput {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var hasOverrun = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isEmpty: Bool { bytes.isEmpty }
    var isAtEnd: Bool { !hasOverrun && position == bytes.count }

    @inline(never)
    mutating func restOfMagnitude(_ state: inout UInt32, symbol: UInt32, level: Int) -> UInt32 {
        if symbol == BulkFrequencies.escape {
            let width = min(BulkState.largestWidth, Int(raw(&state, count: BulkState.widthBits)))
            let low = raw(&state, count: min(BulkState.rawBits, width))
            let high = raw(&state, count: max(0, width - BulkState.rawBits))
            return min(low | high << UInt32(BulkState.rawBits), UInt32(CoefficientModel.largestMagnitude))
        }
        let shift = BulkShape.shift(of: level)
        return symbol << UInt32(shift) | raw(&state, count: shift)
    }

    private mutating func raw(_ state: inout UInt32, count: Int) -> UInt32 {
        let value = state & (1 << UInt32(count) - 1)
        state >>= UInt32(count)
        refill(&state)
        return value
    }

    @inline(__always)
    mutating func refill(_ state: inout UInt32) {
        if state < BulkState.least { state = state << 16 | UInt32(nextWord()) }
    }

    @inline(__always)
    mutating func nextWord() -> UInt16 {
        guard position &+ 2 <= bytes.count else {
            hasOverrun = true
            return 0
        }
        let word = UInt16(bytes[position]) | UInt16(bytes[position &+ 1]) << 8
        position &+= 2
        return word
    }
}
