import CSodium

/// Secret bytes in memory of their own: guarded pages, locked where the system allows it, read-only after creation and
/// zeroed when the last owner lets go. Never printed.
///
/// Keys that live within one call may be `isTransient`: they then share guarded, locked pages that stay writable.
public final class SecretBytes: @unchecked Sendable {
    // Unchecked: the memory is written once, inside `init`, and made read-only by the memory management unit.
    private let memory: UnsafeMutableRawPointer
    /// Number of bytes.
    public let byteCount: Int
    private let isInArena: Bool

    /// Lets `fill` write `byteCount` bytes, one or more.
    ///
    /// - Parameter isTransient: the bytes are gone before the call returns that makes them.
    public init(byteCount: Int, isTransient: Bool = false, filling fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        precondition(byteCount > 0)
        Sodium.require()
        if isTransient, byteCount <= SecretArena.slotByteCount, let slot = SecretArena.shared.take() {
            memory = slot
            self.byteCount = byteCount
            isInArena = true
            fill(slot.assumingMemoryBound(to: UInt8.self))
            return
        }
        isInArena = false
        guard let memory = sodium_malloc(byteCount) else { preconditionFailure("out of guarded memory") }
        self.memory = memory
        self.byteCount = byteCount
        fill(memory.bindMemory(to: UInt8.self, capacity: byteCount))
        sodium_mprotect_readonly(memory)
    }

    /// Copies bytes; the caller's own copy stays where it is.
    public convenience init(_ bytes: [UInt8], isTransient: Bool = false) {
        self.init(byteCount: bytes.count, isTransient: isTransient) { $0.update(from: bytes, count: bytes.count) }
    }

    /// Bytes from the system's cryptographic generator.
    public static func random(byteCount: Int) -> SecretBytes {
        SecretBytes(byteCount: byteCount) { randombytes_buf($0, byteCount) }
    }

    deinit {
        if isInArena { SecretArena.shared.giveBack(memory) } else { sodium_free(memory) }
    }

    /// Gives access to the bytes for the duration of `body`.
    public func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        body(UnsafePointer(memory.assumingMemoryBound(to: UInt8.self)))
    }

    /// A copy outside of the guarded memory, to hand to a C library or a file.
    public func exposed() -> [UInt8] { withBytes { Array(UnsafeBufferPointer(start: $0, count: byteCount)) } }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    /// Says only how many bytes there are.
    public var description: String { "\(byteCount) secret bytes" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SecretBytes: Equatable {
    /// Compares in constant time.
    public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.byteCount == right.byteCount && sodium_memcmp(left.memory, right.memory, left.byteCount) == 0
    }
}
