/// Reads what `ArithmeticEncoder` wrote. Never reads past the end: missing bytes are zeros.
struct ArithmeticDecoder: BinaryCoder {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var low: UInt32 = 0
    private var high: UInt32 = .max
    private var value: UInt32 = 0

    /// Starts on bytes that outlive the decoder.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        for _ in 0..<4 { value = value << 8 | next() }
    }

    /// Whether an encoder's output ends here: every byte was read and the last is not a zero.
    var isAtEnd: Bool { position >= bytes.count && bytes.last != 0 }

    @inline(__always)
    mutating func code(_ bit: Int, probability: Int) -> Int {
        let split = low &+ UInt32(truncatingIfNeeded: (UInt64(high &- low) &* UInt64(probability)) >> 16)
        let result = value <= split ? 1 : 0
        if result != 0 { high = split } else { low = split &+ 1 }
        while (low ^ high) < 1 << 24 {
            low <<= 8
            high = high << 8 | 0xff
            value = value << 8 | next()
        }
        return result
    }

    @inline(__always)
    private mutating func next() -> UInt32 {
        defer { position &+= 1 }
        return position < bytes.count ? UInt32(bytes[position]) : 0
    }
}
