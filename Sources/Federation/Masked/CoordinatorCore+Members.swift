import Messages

extension CoordinatorCore {
    /// With whom masked rounds are run: what the root key has signed for this federation.
    static func members(of roster: Roster, _ configuration: CoordinatorConfiguration) -> MemberList? {
        guard let root = configuration.rootKey, let signed = roster.signed,
            signed.federation == configuration.parameters.federation, signed.isSigned(by: root)
        else { return nil }
        return signed
    }

    /// Numbers of the clients that are ready for a round.
    ///
    /// In the masked lane of a federation with a root key those alone whose keys it has signed: with anybody else in the
    /// cohort all clients that pin the root would refuse the round.
    var eligible: [Int] {
        guard lane != nil, configuration.rootKey != nil else { return Array(readyPeers.keys) }
        return readyPeers.filter { isMember($0.key, $0.value) }.map(\.key)
    }

    private func isMember(_ number: Int, _ peer: PeerID) -> Bool {
        guard let identity = roster.entry(peer)?.identityKey else { return false }
        return members?.identities[number] == identity
    }

    /// The key that signs for a client of a masked round; nil: none may.
    func identity(of number: Int, _ peer: PeerID) -> PublicKeyBytes? {
        if let members = round?.masked?.members { return members.identities[number] }
        return roster.entry(peer)?.identityKey ?? peers[peer]?.hello?.identityKey
    }

    /// Sends the signed roster of the round to a client that pins the root and holds another epoch.
    mutating func sendSignedRoster(to peer: PeerID) {
        guard let members = round?.masked?.members, let held = peers[peer]?.rosterEpoch, held != members.epoch else {
            return
        }
        peers[peer]?.rosterEpoch = members.epoch
        for part in RosterPart.parts(of: members.encoded) { send(.roster(part), to: peer) }
    }

    /// A client does not go along with the roster: it gets it again, in case that it was lost.
    mutating func forgetRoster(of number: Int) {
        guard let peer = readyPeers[number] else { return }
        let greeted = peers[peer]?.hello?.rosterEpoch
        peers[peer]?.rosterEpoch = greeted
    }

    /// Tells the operator who takes no part in masked rounds before the roster is signed again.
    mutating func warnOfUnsigned() {
        guard lane != nil, configuration.rootKey != nil else { return }
        let unsigned = roster.entries.filter { entry in
            entry.standing == .approved
                && (entry.identityKey == nil || members?.identities[entry.number] != entry.identityKey)
        }
        guard !unsigned.isEmpty else { return }
        let names = unsigned.prefix(5).map(\.name).joined(separator: ", ") + (unsigned.count > 5 ? ", …" : "")
        let signed = members.map { "the roster that the root key has signed (epoch \($0.epoch))" }
        effects.append(
            .warn(
                "\(unsigned.count) clients take no part, because they are not on "
                    + "\(signed ?? "any roster that the root key has signed"): \(names); sign it again with "
                    + "'swiftlet-coordinator roster sign'"))
    }
}
