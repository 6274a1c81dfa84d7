/// A byte string of one fixed length: keys, hashes, identifiers.
public protocol FixedSizeBytes: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The only length that is valid.
    static var byteCount: Int { get }
    /// The bytes, exactly `byteCount` of them.
    var bytes: [UInt8] { get }
    /// Wraps bytes whose length has been checked.
    init(unchecked bytes: [UInt8])
}

extension FixedSizeBytes {
    /// Wraps bytes; nil unless there are exactly `byteCount`.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(unchecked: Array(bytes))
    }

    /// Reads lower- or upper-case hexadecimal; nil for other characters or a wrong length.
    public init?(hex: String) {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == hex.utf8.count, digits.count == 2 * Self.byteCount else { return nil }
        self.init(unchecked: (0..<Self.byteCount).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) })
    }

    /// The bytes in lower-case hexadecimal.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The first eight hexadecimal digits, enough to tell items apart in a log.
    public var description: String { String(hex.prefix(8)) }

    /// Byte-wise order.
    public static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// A peer as the transport knows it: its CURVE public key, 32 bytes.
public struct PeerID: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 32
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// One attempt at one round, 16 bytes.
public struct SessionID: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 16
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// A federation, 16 bytes.
public struct FederationID: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 16
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// BLAKE2b-256 of a model or of parameters, 32 bytes.
public struct Digest: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 32
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// Digest of one update, 8 bytes: a repeat carries the same one.
public struct ResultID: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 8
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// An X25519 or Ed25519 public key, 32 bytes.
public struct PublicKeyBytes: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 32
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}

/// An Ed25519 signature, 64 bytes.
public struct SignatureBytes: FixedSizeBytes {
    /// Number of bytes.
    public static let byteCount = 64
    /// The bytes.
    public let bytes: [UInt8]
    /// Makes the value from its fields.
    public init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}
