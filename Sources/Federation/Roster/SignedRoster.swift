import Encryption
import Messages

/// A roster as text that a root key has signed. The root key can stay offline: the text travels to it and back.
///
/// Whoever pins the root key needs not trust the coordinator about who the clients are. The epoch grows with every
/// change of the roster, so that an older one can be told.
public struct SignedRoster: Hashable, Sendable {
    private static let firstLine = "swiftlet-roster 1"
    private static let signatureWord = "signature "
    /// Longest text that is read.
    public static let maximumByteCount = 64 << 20

    /// The federation.
    public let federation: FederationID
    /// Grows with every change.
    public let epoch: Int
    /// The clients, by number.
    public let entries: [RosterEntry]

    /// The roster of a federation, to be signed.
    public init(federation: FederationID, epoch: Int, entries: [RosterEntry]) {
        self.federation = federation
        self.epoch = epoch
        self.entries = entries
    }

    /// What is signed: a line for each client, names last.
    public var body: String {
        let lines = entries.map { entry in
            let identity = entry.identityKey?.hex ?? "-"
            return "client \(entry.number) \(entry.standing.rawValue) \(entry.transportKey.hex) \(identity) "
                + entry.name.replacing("\n", with: " ")
        }
        return ([Self.firstLine, "federation \(federation.hex)", "epoch \(epoch)"] + lines).map { $0 + "\n" }.joined()
    }

    /// The text with its signature, which is that of the `MemberList`: it covers the hash of the text, and a client can
    /// check it without the text.
    public func signed(by root: SigningKeyPair) -> String {
        let message = MemberList.message(
            federation: federation, epoch: UInt64(epoch), identities: identities, textHash: textHash)
        return body + Self.signatureWord + SignatureBytes(unchecked: root.sign(message)).hex + "\n"
    }

    /// Keys of the clients that a masked round may have.
    private var identities: [Int: PublicKeyBytes] {
        entries.reduce(into: [:]) { $0[$1.number] = $1.standing == .approved ? $1.identityKey : nil }
    }

    private var textHash: Digest { Digest(unchecked: Blake2b256.hash(Array(body.utf8))) }

    /// Reads a signed text.
    ///
    /// - Parameters:
    ///   - root: the key that is pinned.
    ///   - epoch: of the newest roster known; an older one is refused.
    /// - Returns: the roster, and what of it goes to clients.
    /// - Throws: `FederationError.encryption` when the signature or the epoch is wrong, `.damagedState` for a text that
    ///   is no roster.
    public static func read(
        _ text: String, root: PublicKeyBytes, notBefore epoch: Int = 0
    ) throws(FederationError) -> (roster: SignedRoster, members: MemberList) {
        guard text.utf8.count <= maximumByteCount else { throw .damagedState("roster, too long") }
        let lines = text.split(separator: "\n")
        let body = lines.dropLast().map { $0 + "\n" }.joined()
        guard let last = lines.last, last.hasPrefix(signatureWord),
            let signature = SignatureBytes(hex: String(last.dropFirst(signatureWord.count)))
        else { throw .encryption("the roster is not signed; sign it with 'swiftlet-coordinator roster sign'") }
        let roster = try SignedRoster(body: body)
        let members = MemberList(
            federation: roster.federation, epoch: UInt64(roster.epoch), identities: roster.identities,
            textHash: Digest(unchecked: Blake2b256.hash(Array(body.utf8))), signature: signature)
        guard members.isSigned(by: root) else { throw .encryption("the roster is not signed by the root key") }
        guard roster.epoch >= epoch else {
            throw .encryption("the roster has epoch \(roster.epoch), but \(epoch) is known; get the newest one")
        }
        return (roster, members)
    }

    /// Reads a text without its signature.
    ///
    /// - Throws: `FederationError.damagedState`, also when two clients have one identity or there are more than clients
    ///   take over the wire.
    public init(body: String) throws(FederationError) {
        let lines = body.split(separator: "\n")
        guard lines.count >= 3, lines[0] == Self.firstLine, lines[1].hasPrefix("federation "),
            let federation = FederationID(hex: String(lines[1].dropFirst(11))), lines[2].hasPrefix("epoch "),
            let epoch = Int(lines[2].dropFirst(6)), epoch >= 0
        else { throw .damagedState("roster") }
        var entries: [RosterEntry] = []
        for line in lines.dropFirst(3) {
            let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
            guard words.count == 6, words[0] == "client", let number = Int(words[1]),
                number > entries.last?.number ?? -1, let standing = RosterEntry.Standing(rawValue: String(words[2])),
                let key = PeerID(hex: String(words[3])), words[4] == "-" || words[4].count == 64
            else { throw .damagedState("roster, client \(entries.count)") }
            entries.append(
                RosterEntry(
                    number: number, name: String(words[5]), transportKey: key,
                    identityKey: PublicKeyBytes(hex: String(words[4])), standing: standing))
        }
        self.init(federation: federation, epoch: epoch, entries: entries)
        // 37 bytes are the most that a client takes.
        guard entries.count <= RosterPart.wholeByteCount / 40 else { throw .damagedState("roster, too many clients") }
        guard Set(identities.values).count == identities.count else {
            throw .damagedState("roster, two clients have one identity key")
        }
    }
}
