import Encryption
import Messages

extension CoordinatorCore {
    /// Enrols the owner of a token; a repeat of the same request is answered alike.
    mutating func receive(_ join: ClientMessage.Join, from peer: PeerID) {
        guard join.protocolVersion == ProtocolLimits.version else {
            return refuse(peer, .protocolVersion, "this coordinator speaks version \(ProtocolLimits.version)")
        }
        guard let token = roster.token(peer), let wallSeconds = peers[peer]?.wallSeconds else {
            return refuse(peer, .notEnrolled, "only a token may join")
        }
        if let number = token.usedBy {
            guard let entry = roster.entry(join.transportKey), entry.number == number,
                entry.identityKey == join.identityKey, entry.standing == .approved
            else { return refuse(peer, .tokenUsed, "this token has enrolled another client") }
            return sendEnrolled(number, to: peer)
        }
        guard wallSeconds <= token.expiry else {
            return refuse(peer, .tokenExpired, "this token has expired; ask the operator for a new one")
        }
        guard roster.entry(join.transportKey) == nil, roster.token(join.transportKey) == nil else {
            return refuse(peer, .malformed, "this transport key is known already; make a new one")
        }
        let entry = RosterEntry(
            number: roster.nextNumber, name: join.name, transportKey: join.transportKey, identityKey: join.identityKey)
        roster.enrol(entry, token: peer)
        effects.append(.enrol(entry, token: peer))
        sendEnrolled(entry.number, to: peer)
    }

    private mutating func sendEnrolled(_ number: Int, to peer: PeerID) {
        let identityKey = PublicKeyBytes(unchecked: identity.publicKey)
        let federation = configuration.parameters.federation
        send(
            .enrolled(.init(federation: federation, clientNumber: number, coordinatorIdentity: identityKey)), to: peer)
    }
}
