/// Owned single-precision memory that is allocated once and freed with its owner: the arena of a kernel.
///
/// Starts as zeros, begins on a 64-byte boundary, and is followed by `slack` further zeros which a kernel may read or
/// write in whole vectors past the end.
@safe
public struct FloatBuffer: ~Copyable {
    /// Elements behind the end that vector loads and stores may touch.
    public static let slack = 64

    /// First element. Valid for as long as the buffer lives.
    @unsafe public let pointer: UnsafeMutablePointer<Float>
    /// Number of elements, without the slack.
    public let count: Int

    /// Allocates `count` zeros; `count` is at least 0 and was validated by the caller.
    public init(count: Int) {
        precondition(count >= 0)
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: (count + Self.slack) * MemoryLayout<Float>.stride, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: count + Self.slack)
        pointer.initialize(repeating: 0, count: count + Self.slack)
        self.count = count
    }

    deinit { pointer.deallocate() }
}
