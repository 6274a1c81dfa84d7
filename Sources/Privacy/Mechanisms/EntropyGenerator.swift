/// Random bits for noise that protects privacy, from a source of cryptographic bytes such as libsodium's generator.
///
/// Draws come from a buffer; a copy of the value would repeat what is left in it, so every use makes its own.
public struct EntropyGenerator: RandomNumberGenerator {
    private let source: (Int) -> [UInt8]
    private var words: [UInt64] = []

    private static let wordsPerDraw = 1024

    /// A generator over a source that gives as many bytes as it is asked for. A source that gives fewer ends the
    /// process: noise is never made from anything else.
    public init(_ source: @escaping (Int) -> [UInt8]) { self.source = source }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        if let word = words.popLast() { return word }
        let bytes = source(8 * Self.wordsPerDraw)
        precondition(bytes.count == 8 * Self.wordsPerDraw, "the source of entropy failed")
        words = bytes.withUnsafeBytes { buffer in
            (0..<Self.wordsPerDraw).map { buffer.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
        }
        return next()
    }
}
