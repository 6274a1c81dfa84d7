import Messages

extension CoordinatorCore {
    mutating func connect(_ peer: PeerID, wallSeconds: UInt64) {
        forget(peer)
        peers[peer] = Peer(number: roster.admitted(peer, at: wallSeconds)?.number, wallSeconds: wallSeconds)
    }

    mutating func disconnected(_ peer: PeerID) { forget(peer) }

    /// The client takes no part any more but stays connected.
    mutating func depart(_ peer: PeerID) {
        guard let number = peers[peer]?.number, readyPeers[number] == peer else { return }
        leave(number)
        peers[peer]?.hello = nil
        greeted.remove(number)
    }

    mutating func refuse(_ peer: PeerID, _ reason: RefusalReason, _ detail: String) {
        send(.refusal(.init(reason: reason, detail: detail)), to: peer)
        effects.append(.disconnect(peer))
        forget(peer)
    }

    /// Takes over the operator's roster; clients that lost their place are told and disconnected.
    mutating func change(_ roster: Roster) {
        self.roster = roster
        members = Self.members(of: roster, configuration)
        warnOfUnsigned()
        for peer in peers.keys.sorted() {
            let number = roster.admitted(peer, at: peers[peer]?.wallSeconds ?? .max)?.number
            if let old = peers[peer]?.number, old != number {
                greeted.remove(old)
                refuse(peer, .revoked, "the coordinator's operator has withdrawn this client's approval")
            } else {
                peers[peer]?.number = number
            }
        }
    }

    mutating func receive(_ hello: ClientMessage.Hello, from peer: PeerID) {
        guard hello.protocolVersion == ProtocolLimits.version else {
            let detail = "this coordinator speaks version \(ProtocolLimits.version), not \(hello.protocolVersion)"
            return refuse(peer, .protocolVersion, detail)
        }
        guard let number = peers[peer]?.number else { return refuseUnknown(peer) }
        peers[peer]?.hello = hello
        // A client that has never held another version makes version 0 from the seed.
        peers[peer]?.heldVersion = hello.heldVersion ?? 0
        peers[peer]?.rosterEpoch = hello.rosterEpoch
        readyPeers[number] = peer
        greeted.insert(number)
        welcome(number, peer, hello: hello)
    }

    private mutating func refuseUnknown(_ peer: PeerID) {
        if roster.entry(peer)?.standing == .revoked {
            refuse(peer, .revoked, "this client's approval was withdrawn")
        } else {
            refuse(peer, .notEnrolled, "this key is not in the roster; join with a token first")
        }
    }

    private mutating func welcome(_ number: Int, _ peer: PeerID, hello: ClientMessage.Hello) {
        let knowsParameters = hello.parameterHash == parameterHash
        let federation = configuration.parameters.federation
        send(
            .welcome(
                .init(
                    federation: federation, clientNumber: number, parameters: knowsParameters ? nil : packedParameters,
                    resume: rejoin(number, hello: hello))),
            to: peer)
        if isComplete || verdict != .completed {
            tellFinish(number, peer)
        } else if phase == .collecting {
            reannounce(number, peer, hello: hello)
            sendMaskingStep(to: number, peer)
        }
    }

    private mutating func forget(_ peer: PeerID) {
        guard let known = peers.removeValue(forKey: peer) else { return }
        if let number = known.number, readyPeers[number] == peer { leave(number) }
    }

    private mutating func leave(_ number: Int) {
        readyPeers[number] = nil
        guard let member = round?[number], member.standing == .pending else { return }
        round?.set(.gone, of: number)
    }
}
