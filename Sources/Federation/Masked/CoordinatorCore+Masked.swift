import Encryption
import Messages
import Privacy
import UpdateCodec

extension CoordinatorCore {
    /// Puts the masked lane on a round that is being announced; nothing happens in the visible lane.
    mutating func beginMasked(uploadDeadline: Duration) {
        guard let lane, let round else { return }
        let rosterHash = members?.hash ?? roster.hash
        let exchangeTime = (uploadDeadline - now) / 4
        let masked = MaskedRound(
            coordinator: MaskingCoordinator(
                context: round.proof.maskingContext(session: round.session, rosterHash: rosterHash),
                identity: identity),
            rosterHash: rosterHash, members: members,
            exponents: scaleExponents ?? lane.initialExponents(origin: origin),
            uploadDeadline: uploadDeadline, exchangeTime: exchangeTime)
        self.round?.masked = masked
        phaseDeadline = now + exchangeTime
    }

    /// Time that is added to a round for taking the masks off.
    func unmaskingTime(of time: Duration) -> Duration { lane == nil ? .zero : time / 4 }

    /// Takes a step of a client; what does not fit is counted and changes nothing.
    mutating func receive(_ step: MaskingStep, from number: Int, _ peer: PeerID) {
        guard step.session == round?.session, round?.masked != nil else { return count(.stale) }
        guard let member = round?[number] else { return count(.notInCohort) }
        do {
            switch step.phase {
            case .keys: try takeAdvert(step.body, from: number, peer, isExpected: member.standing == .pending)
            case .shares: try round?.masked?.coordinator.receive(deal: step.body, from: number)
            case .unmasking: try round?.masked?.coordinator.receive(reveal: step.body, from: number)
            }
        } catch {
            effects.append(.warn("client \(number): \(error)"))
            return count(.malformed)
        }
        if round?.masked?.stage.phase == step.phase {
            round?.masked?.done.insert(number)
        } else {
            // A repeat: what the client waits for may have been lost.
            sendMaskingStep(to: number, peer)
        }
    }

    private mutating func takeAdvert(
        _ body: [UInt8], from number: Int, _ peer: PeerID, isExpected: Bool
    ) throws(MaskingError) {
        let advert = try MaskingAdvert(decoding: body, client: number)
        guard isExpected, let identity = identity(of: number, peer) else { throw .badSignature(client: number) }
        try round?.masked?.coordinator.receive(advert, identity: identity.bytes)
    }

    /// What a client of the session waits for in this stage, if anything.
    mutating func sendMaskingStep(to number: Int, _ peer: PeerID) {
        guard let session = round?.session, let masked = round?.masked else { return }
        switch masked.stage {
        case .keys: break
        case .shares: sendRoster(masked, session, to: number, peer)
        case .uploads:
            guard round?[number]?.standing == .pending else { return }
            if let body = masked.coordinator.delivery(for: number) {
                send(.masking(.init(session: session, phase: .shares, body: body)), to: peer)
            }
        case .reveals:
            guard round?[number]?.standing == .accepted, let request = try? masked.requested() else { return }
            send(.masking(.init(session: session, phase: .unmasking, body: request)), to: peer)
        }
    }

    private mutating func sendRoster(_ masked: MaskedRound, _ session: SessionID, to number: Int, _ peer: PeerID) {
        guard let roster = masked.coordinator.roster(for: number) else { return }
        // Clients that pin the root know the identities already.
        let isPinned = masked.members != nil && peers[peer]?.rosterEpoch != nil
        let body = roster.encoded(withIdentities: !isPinned)
        send(.masking(.init(session: session, phase: .keys, body: body)), to: peer)
    }

    /// Adds a masked upload to the sum; the result is why that failed, nil when it did not.
    mutating func addMasked(_ bytes: [UInt8], from number: Int) -> UpdateOutcome? {
        guard round?.masked?.stage == .uploads else { return .notInCohort }
        do { try round?.masked?.coordinator.add(upload: bytes, from: number) } catch {
            if case .malformed = error { return .wrongShape }
            return .notInCohort
        }
        return nil
    }
}

extension MaskedRound {
    /// The signed list of survivors as it travels.
    func requested() throws(MaskingError) -> [UInt8] {
        var coordinator = coordinator
        return try coordinator.closeUploads().encoded(clients: coordinator.session?.clients.count ?? 0)
    }
}

extension MaskedRound.Stage {
    /// The exchange that clients hand something in for; nil while uploads are collected.
    var phase: MaskingStep.Phase? {
        switch self {
        case .keys: .keys
        case .shares: .shares
        case .uploads: nil
        case .reveals: .unmasking
        }
    }
}
