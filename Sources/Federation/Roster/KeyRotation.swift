import Encryption
import Messages

/// A client's word that it has new keys: signed by the old identity, which the coordinator knows, and by the new one,
/// which shows that its owner holds it. One line of text, and no secret.
public struct KeyRotation: Hashable, Sendable {
    private static let prefix = "swiftlet-rotation-v1"
    private static let context = Array("swiftlet/rotation/1".utf8)

    /// The identity that the roster holds.
    public let oldIdentity: PublicKeyBytes
    /// The CURVE key from now on.
    public let transportKey: PeerID
    /// The identity from now on.
    public let newIdentity: PublicKeyBytes
    private let oldSignature: SignatureBytes
    private let newSignature: SignatureBytes

    /// Signs the change from one set of keys to another.
    public init(from old: NodeIdentity, to new: NodeIdentity) {
        oldIdentity = PublicKeyBytes(unchecked: old.signing.publicKey)
        transportKey = PeerID(unchecked: new.transport.publicKey)
        newIdentity = PublicKeyBytes(unchecked: new.signing.publicKey)
        let message = Self.message(oldIdentity, transportKey, newIdentity)
        oldSignature = SignatureBytes(unchecked: old.signing.sign(message))
        newSignature = SignatureBytes(unchecked: new.signing.sign(message))
    }

    /// The line to hand to the coordinator's operator.
    public var text: String {
        [Self.prefix, oldIdentity.hex, transportKey.hex, newIdentity.hex, oldSignature.hex, newSignature.hex]
            .joined(separator: ".")
    }

    /// Reads a line and checks both signatures.
    ///
    /// - Throws: `FederationError.encryption` for anything else.
    public init(text: String) throws(FederationError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == Self.prefix, let old = PublicKeyBytes(hex: parts[1]),
            let transport = PeerID(hex: parts[2]), let new = PublicKeyBytes(hex: parts[3]),
            let oldSignature = SignatureBytes(hex: parts[4]), let newSignature = SignatureBytes(hex: parts[5])
        else { throw .encryption("this is no rotation; copy the whole line that 'swiftlet-client rotate' printed") }
        (oldIdentity, transportKey, newIdentity) = (old, transport, new)
        (self.oldSignature, self.newSignature) = (oldSignature, newSignature)
        let message = Self.message(oldIdentity, transportKey, newIdentity)
        guard SigningKeyPair.verify(signature: oldSignature.bytes, message: message, publicKey: oldIdentity.bytes),
            SigningKeyPair.verify(signature: newSignature.bytes, message: message, publicKey: newIdentity.bytes)
        else { throw .encryption("the rotation is not signed by both the old and the new identity") }
    }

    private static func message(
        _ old: PublicKeyBytes, _ transport: PeerID, _ new: PublicKeyBytes
    ) -> [UInt8] { context + old.bytes + transport.bytes + new.bytes }
}
