import CSodium

/// An element of the ristretto255 group (RFC 9496), in which no element is of small order.
public struct GroupElement: Hashable, Sendable {
    /// Bytes of an encoding.
    public static let byteCount = 32
    /// The neutral element.
    public static let identity = GroupElement(valid: [UInt8](repeating: 0, count: byteCount))
    /// The one encoding of the element, 32 bytes.
    public let bytes: [UInt8]

    private init(valid bytes: [UInt8]) { self.bytes = bytes }

    /// Reads an encoding; nil when the bytes are not the canonical encoding of an element.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
        guard crypto_core_ristretto255_is_valid_point(self.bytes) == 1 else { return nil }
    }

    /// The multiple of the generator.
    public init(multiplying scalar: GroupScalar) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        // The status only says whether the result is the neutral element, whose encoding is all zeros.
        let status = scalar.withUnsafeBytes { crypto_scalarmult_ristretto255_base(&bytes, $0) }
        self = status == 0 ? GroupElement(valid: bytes) : .identity
    }

    /// The multiple of an element.
    public static func * (scalar: GroupScalar, element: GroupElement) -> GroupElement {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let status = scalar.withUnsafeBytes { crypto_scalarmult_ristretto255(&bytes, $0, element.bytes) }
        return status == 0 ? GroupElement(valid: bytes) : .identity
    }

    /// The sum.
    public static func + (left: GroupElement, right: GroupElement) -> GroupElement {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let status = crypto_core_ristretto255_add(&bytes, left.bytes, right.bytes)
        precondition(status == 0, "elements are valid by construction")
        return GroupElement(valid: bytes)
    }
}
