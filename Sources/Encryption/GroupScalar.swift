import CSodium

/// A whole number modulo the prime order of the ristretto255 group, 2^252 + 27742317777372353535851937790883648493
/// (RFC 9496): the field that secrets are shared over.
public struct GroupScalar: Hashable, Sendable {
    /// Bytes of an encoding.
    public static let byteCount = 32
    /// The 32 bytes of the encoding in memory order, least significant first.
    private var words: SIMD4<UInt64>

    private init(words: SIMD4<UInt64>) { self.words = words }

    /// A small number.
    public init(_ value: UInt64) { words = SIMD4(value.littleEndian, 0, 0, 0) }

    /// Reads an encoding; nil unless there are 32 bytes and the number is below the group order.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words = SIMD4<UInt64>.zero
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
        self.init(words: words)
        guard Self(reducing: Array(bytes) + [UInt8](repeating: 0, count: 32)) == self else { return nil }
    }

    /// Reduces 64 bytes; uniform when the bytes are.
    public init(reducing bytes: [UInt8]) {
        precondition(bytes.count == Int(crypto_core_ristretto255_NONREDUCEDSCALARBYTES))
        self.init { crypto_core_ristretto255_scalar_reduce($0, bytes) }
    }

    private init(filling fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        var words = SIMD4<UInt64>.zero
        withUnsafeMutableBytes(of: &words) { raw in
            if let start = raw.bindMemory(to: UInt8.self).baseAddress { fill(start) }
        }
        self.init(words: words)
    }

    /// The encoding, 32 bytes, least significant first.
    public var bytes: [UInt8] { withUnsafeBytes { Array(UnsafeBufferPointer(start: $0, count: Self.byteCount)) } }

    /// Appends the encoding.
    public func write(to bytes: inout [UInt8]) {
        withUnsafeBytes { bytes.append(contentsOf: UnsafeBufferPointer(start: $0, count: Self.byteCount)) }
    }

    func withUnsafeBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        withUnsafePointer(to: words) { pointer in
            pointer.withMemoryRebound(to: UInt8.self, capacity: Self.byteCount) { body($0) }
        }
    }

    /// The sum.
    public static func + (left: Self, right: Self) -> Self {
        left.withUnsafeBytes { a in
            right.withUnsafeBytes { b in Self { crypto_core_ristretto255_scalar_add($0, a, b) } }
        }
    }

    /// The difference.
    public static func - (left: Self, right: Self) -> Self {
        left.withUnsafeBytes { a in
            right.withUnsafeBytes { b in Self { crypto_core_ristretto255_scalar_sub($0, a, b) } }
        }
    }

    /// The product.
    public static func * (left: Self, right: Self) -> Self {
        left.withUnsafeBytes { a in
            right.withUnsafeBytes { b in Self { crypto_core_ristretto255_scalar_mul($0, a, b) } }
        }
    }

    /// The number that gives 1 when multiplied by this one; nil for 0.
    public var inverse: GroupScalar? {
        var isValid = false
        let result = withUnsafeBytes { a in
            Self { isValid = crypto_core_ristretto255_scalar_invert($0, a) == 0 }
        }
        return isValid ? result : nil
    }
}

extension GroupScalar: CustomStringConvertible, CustomReflectable {
    /// Says nothing of the value: most scalars are secrets.
    public var description: String { "scalar" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
