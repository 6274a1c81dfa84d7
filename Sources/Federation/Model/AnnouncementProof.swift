import Encryption
import Messages

/// What the coordinator's identity signs in an announcement, the same for all clients of a round.
///
/// The payload itself is covered by the model hash, so the base of a difference is not part of it.
public struct AnnouncementProof: Hashable, Sendable {
    private static let label = Array("swiftlet-announcement-v1".utf8)

    /// The federation.
    public var federation: FederationID
    /// Hash of its parameters.
    public var parameterHash: Digest
    /// Counts from 1.
    public var round: UInt32
    /// 0, or how often this round was begun before.
    public var attempt: UInt32
    /// Version of the model.
    public var version: UInt32
    /// Hash of the model.
    public var modelHash: Digest
    /// X25519 key of this attempt.
    public var roundKey: PublicKeyBytes

    /// Makes the value from its fields.
    public init(
        federation: FederationID, parameterHash: Digest, round: UInt32, attempt: UInt32, version: UInt32,
        modelHash: Digest, roundKey: PublicKeyBytes
    ) {
        self.federation = federation
        self.parameterHash = parameterHash
        self.round = round
        self.attempt = attempt
        self.version = version
        self.modelHash = modelHash
        self.roundKey = roundKey
    }

    /// What an announcement claims.
    public init(_ announcement: CoordinatorMessage.RoundAnnouncement, federation: FederationID, parameterHash: Digest) {
        self.init(
            federation: federation, parameterHash: parameterHash, round: announcement.round,
            attempt: announcement.attempt, version: announcement.version, modelHash: announcement.modelHash,
            roundKey: announcement.roundKey)
    }

    /// The signed bytes: a label, then all fields in order, integers little-endian.
    public var message: [UInt8] {
        Self.label + federation.bytes + parameterHash.bytes + round.littleEndianBytes + attempt.littleEndianBytes
            + version.littleEndianBytes + modelHash.bytes + roundKey.bytes
    }

    /// Signs as the coordinator.
    public func signed(by identity: SigningKeyPair) -> SignatureBytes {
        SignatureBytes(unchecked: identity.sign(message))
    }

    /// Whether a signature is that of the coordinator.
    public func isSigned(_ signature: SignatureBytes, by identity: PublicKeyBytes) -> Bool {
        SigningKeyPair.verify(signature: signature.bytes, message: message, publicKey: identity.bytes)
    }
}
