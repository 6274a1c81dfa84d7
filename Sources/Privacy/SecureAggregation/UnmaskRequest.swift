import Encryption

/// Whose masks are to be taken off: the coordinator's signed list of who uploaded and who vanished after dealing.
public struct UnmaskRequest: Hashable, Sendable {
    private static let label = Array("swiftlet-survivors-v1".utf8)

    /// Positions whose uploads are in the sum.
    public let survivors: Set<Int>
    /// Positions that dealt shares and did not upload.
    public let dropouts: Set<Int>
    /// Ed25519 by the coordinator's identity.
    public let signature: [UInt8]

    /// Makes the value from its fields.
    public init(survivors: Set<Int>, dropouts: Set<Int>, signature: [UInt8]) {
        self.survivors = survivors
        self.dropouts = dropouts
        self.signature = signature
    }

    /// Signs as the coordinator.
    public init(
        survivors: Set<Int>, dropouts: Set<Int>, session: MaskingSession, identity: SigningKeyPair
    ) {
        self.survivors = survivors
        self.dropouts = dropouts
        signature = identity.sign(Self.message(survivors, dropouts, session))
    }

    /// Whether the coordinator signed this for the session.
    public func isSigned(by identity: [UInt8], session: MaskingSession) -> Bool {
        SigningKeyPair.verify(
            signature: signature, message: Self.message(survivors, dropouts, session), publicKey: identity)
    }

    /// Two bit maps and the signature.
    public func encoded(clients: Int) -> [UInt8] {
        MaskingBytes.bitmap(survivors, count: clients) + MaskingBytes.bitmap(dropouts, count: clients) + signature
    }

    /// Reads what `encoded` made.
    ///
    /// - Throws: `MaskingError.malformed`.
    public init(decoding raw: [UInt8], clients: Int) throws(MaskingError) {
        var bytes = MaskingBytes(raw)
        survivors = try bytes.bitmap(count: clients, "survivors")
        dropouts = try bytes.bitmap(count: clients, "dropouts")
        signature = try bytes.take(KeySize.signature, "signature")
        try bytes.finish()
    }

    private static func message(_ survivors: Set<Int>, _ dropouts: Set<Int>, _ session: MaskingSession) -> [UInt8] {
        let count = session.clients.count
        return label + session.id
            + Blake2b256.hash([
                MaskingBytes.bitmap(survivors, count: count), MaskingBytes.bitmap(dropouts, count: count),
            ])
    }
}
