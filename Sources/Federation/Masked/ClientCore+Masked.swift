import Encryption
import Messages
import Privacy
import UpdateCodec

extension ClientCore {
    /// Brings fresh, signed keys into a masked round; nothing happens in the visible lane.
    ///
    /// - Returns: whether the client takes part.
    mutating func beginMasked(_ announcement: CoordinatorMessage.RoundAnnouncement, proof: AnnouncementProof) -> Bool {
        guard let parameters, MaskedCodec.isNamed(by: parameters.compression.up) else { return true }
        guard let id = session?.id, let number = state.clientNumber, let rosterHash = announcement.rosterHash else {
            if let id = session?.id { decline(id, round: announcement.round, .badAnnouncement) }
            return false
        }
        let identities: [Int: [UInt8]]?
        do { identities = try identitiesOfMembers(announced: rosterHash, own: number) } catch {
            refuseRoster(error.reason)
            decline(id, round: announcement.round, .roster)
            return false
        }
        // A former run of this client was part of this very session; its secrets are gone with it.
        guard state.maskedSession != id else {
            decline(id, round: announcement.round, .failed)
            return false
        }
        do {
            let client = try MaskingClient(
                number: number, context: proof.maskingContext(session: id, rosterHash: rosterHash), identity: identity,
                limits: .init(minimumCohort: configuration.minimumCohort, members: identities), entropy: entropy)
            state.maskedSession = id
            persist()
            let step = MaskingStep(session: id, phase: .keys, body: client.advert.encoded)
            session?.masked = MaskedSession(client: client, step: step)
            send(.masking(step))
            return true
        } catch {
            giveUpMasked(error)
            return false
        }
    }

    mutating func receive(_ step: MaskingStep) {
        guard let session, step.session == session.id, var masked = session.masked else { return }
        do {
            switch step.phase {
            case .keys:
                let roster = try MaskingRoster(decoding: step.body, members: masked.client.limits.members)
                let deal = try masked.client.deal(roster)
                masked.step = MaskingStep(session: session.id, phase: .shares, body: deal)
                masked.isWaiting = !masked.isReady
                self.session?.masked = masked
                markAsked()
                send(.masking(masked.step))
            case .shares:
                try masked.client.receive(delivery: step.body)
                masked.isReady = true
                masked.isWaiting = false
                self.session?.masked = masked
                continueMasked()
            case .unmasking:
                let count = masked.client.session?.clients.count ?? 0
                let request = try UnmaskRequest(decoding: step.body, clients: count)
                let answer = try masked.client.reveal(request, coordinator: configuration.coordinatorIdentity.bytes)
                self.session?.masked = masked
                send(.masking(.init(session: session.id, phase: .unmasking, body: answer)))
            }
        } catch {
            giveUpMasked(error)
        }
    }

    /// Training or the pending update may have waited for the shares of the others.
    private mutating func continueMasked() {
        guard let session, session.stage == .training, let masked = session.masked else { return }
        if let result = masked.trained {
            self.session?.masked?.trained = nil
            trained(session.id, result)
        } else if state.pending != nil {
            sendUpdate()
        }
    }

    /// Holds a result back until the lane is ready for it; false in the visible lane and when it is.
    mutating func holdsBack(_ result: TrainingResult) -> Bool {
        guard let masked = session?.masked, !masked.isReady else { return false }
        session?.masked?.trained = result
        return true
    }

    /// What is uploaded: the pending update itself, or, in the masked lane, its whole numbers under masks.
    ///
    /// Noise that is to hide in the sum is added to the whole numbers, afresh for every session.
    mutating func upload(_ pending: PendingUpdate) -> [UInt8]? {
        guard let masked = session?.masked else { return pending.bytes }
        if let made = masked.upload { return made }
        guard masked.isReady else {
            session?.stage = .training
            return nil
        }
        do {
            let values = MaskedCodec.values(pending.bytes)
            let made = try masked.client.mask(values, noise: shareOfNoise(values.count)).bytes
            session?.masked?.upload = made
            return made
        } catch {
            giveUpMasked(error)
            return nil
        }
    }

    /// This client's share of the noise of the sum; empty when the coordinator adds it, or nobody.
    private func shareOfNoise(_ count: Int) throws(MaskingError) -> [Int32] {
        guard let share = parameters?.maskedPrivacy?.share else { return [] }
        guard let noise = model.flatMap({ maskedLane($0)?.distributedNoise }),
            let source = try? NoiseSource(share.kind, share: noise)
        else { throw .valuesOutOfRange }
        var random = EntropyGenerator(entropy)
        var values = [Int32](repeating: 0, count: count)
        source.add(to: &values, using: &random)
        return values
    }

    private func maskedLane(_ model: LocalModel) -> MaskedLane? {
        MaskedLane(model.codec, layout: model.layout, privacy: parameters?.maskedPrivacy)
    }

    /// The client takes no further part in this session and forgets its secrets.
    private mutating func giveUpMasked(_ error: MaskingError) {
        effects.append(.report(.ignored("\(error)")))
        guard let session else { return }
        self.session?.masked?.client.wipe()
        self.session?.masked?.isWaiting = false
        if session.stage == .training { effects.append(.cancelTraining(session.id)) }
        if session.stage != .over { decline(session.id, round: session.announcement.round, .failed) }
    }

    /// The codec of the round, once the scales are known; nil in the visible lane.
    func sharedCodec(_ model: LocalModel, round: Int) throws(FederationError) -> SharedCodec? {
        guard let lane = maskedLane(model) else { return nil }
        guard let agreed = session?.masked?.client.session, let parameters,
            let exponents = lane.exponents(agreed.rules, clients: agreed.clients.count)
        else { throw .codec("the rules of the session are not those of this federation") }
        return try lane.codec(
            origin: model.origin, current: model.published.parameters, exponents: exponents,
            seed: parameters.sharedSeed(round: round))
    }
}
