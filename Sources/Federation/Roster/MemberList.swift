import Encryption
import Messages

/// Who belongs to a federation, as a root key has signed it: what a client that pins the root needs of a roster.
///
/// Names and transport keys stay with the coordinator; their hash is signed too, so that one signature covers the whole
/// text that the operator signs.
public struct MemberList: Hashable, Sendable {
    private static let label = Array("swiftlet/roster/1".utf8)
    private static let fixedByteCount = 8 + Digest.byteCount + SignatureBytes.byteCount

    /// The federation; it does not travel, both sides know it.
    public let federation: FederationID
    /// Grows with every change of the roster.
    public let epoch: UInt64
    /// Ed25519 keys of the approved clients by their numbers.
    public let identities: [Int: PublicKeyBytes]
    /// BLAKE2b-256 of the text that the members were taken from.
    public let textHash: Digest
    /// Ed25519 by the root key.
    public let signature: SignatureBytes

    /// Puts a list together; whether the signature is right is another question.
    init(
        federation: FederationID, epoch: UInt64, identities: [Int: PublicKeyBytes], textHash: Digest,
        signature: SignatureBytes
    ) {
        self.federation = federation
        self.epoch = epoch
        self.identities = identities
        self.textHash = textHash
        self.signature = signature
    }

    /// Whether a root key has signed it.
    public func isSigned(by root: PublicKeyBytes) -> Bool {
        SigningKeyPair.verify(signature: signature.bytes, message: message, publicKey: root.bytes)
    }

    /// BLAKE2b-256 over all that is signed: what clients bind their signatures to.
    public var hash: Digest {
        Digest(unchecked: Blake2b256.hash([message], personal: Array("swiftlet-roster2".utf8)))
    }

    private var message: [UInt8] {
        Self.message(federation: federation, epoch: epoch, identities: identities, textHash: textHash)
    }

    /// What the root key signs.
    static func message(
        federation: FederationID, epoch: UInt64, identities: [Int: PublicKeyBytes], textHash: Digest
    ) -> [UInt8] {
        label + federation.bytes + epoch.littleEndianBytes + textHash.bytes + encoded(identities)
    }

    /// Epoch 8 bytes, hash of the text 32, signature 64; then for each client, by number, the distance from the number
    /// before (from -1 for the first) in groups of seven bits, lowest first, and its identity of 32 bytes.
    public var encoded: [UInt8] {
        epoch.littleEndianBytes + textHash.bytes + signature.bytes + Self.encoded(identities)
    }

    private static func encoded(_ identities: [Int: PublicKeyBytes]) -> [UInt8] {
        var bytes: [UInt8] = []
        var last = -1
        for (number, identity) in identities.sorted(by: { $0.key < $1.key }) {
            var distance = number - last
            while distance > 127 {
                bytes.append(UInt8(distance & 127) | 128)
                distance >>= 7
            }
            bytes.append(UInt8(distance))
            bytes += identity.bytes
            last = number
        }
        return bytes
    }

    /// Reads what `encoded` made; the signature is not checked here.
    ///
    /// - Throws: `FederationError.damagedState`, also when two clients have one identity.
    public init(decoding bytes: [UInt8], federation: FederationID) throws(FederationError) {
        guard bytes.count >= Self.fixedByteCount, bytes.count <= RosterPart.wholeByteCount,
            let textHash = Digest(bytes[8..<40]), let signature = SignatureBytes(bytes[40..<Self.fixedByteCount])
        else { throw .damagedState("signed roster") }
        let epoch = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(
            federation: federation, epoch: epoch, identities: try Self.identities(bytes[Self.fixedByteCount...]),
            textHash: textHash, signature: signature)
    }

    private static func identities(_ bytes: ArraySlice<UInt8>) throws(FederationError) -> [Int: PublicKeyBytes] {
        var identities: [Int: PublicKeyBytes] = [:]
        var seen: Set<PublicKeyBytes> = []
        var rest = bytes
        var last = -1
        while !rest.isEmpty {
            var distance = 0
            var shift = 0
            while let byte = rest.popFirst() {
                distance |= Int(byte & 127) << shift
                shift += 7
                guard byte > 127 else { break }
                guard shift < 35 else { throw .damagedState("signed roster, number") }
            }
            guard distance > 0, let identity = PublicKeyBytes(rest.prefix(32)), seen.insert(identity).inserted else {
                throw .damagedState("signed roster, client \(identities.count)")
            }
            rest = rest.dropFirst(32)
            last += distance
            identities[last] = identity
        }
        return identities
    }
}
