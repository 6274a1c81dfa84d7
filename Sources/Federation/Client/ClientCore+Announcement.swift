import Encryption
import Foundation
import Messages

extension ClientCore {
    mutating func receive(_ announcement: CoordinatorMessage.RoundAnnouncement, payload: [UInt8]?) {
        guard let parameters, let parameterHash else { return ignore("an announcement before the parameters") }
        let id = SessionID(
            federation: parameters.federation, round: announcement.round, attempt: announcement.attempt,
            roundKey: announcement.roundKey)
        let proof = AnnouncementProof(
            announcement, federation: parameters.federation, parameterHash: parameterHash)
        guard proof.isSigned(announcement.signature, by: configuration.coordinatorIdentity) else {
            return decline(id, round: announcement.round, .badAnnouncement)
        }
        if session?.id == id {
            repeated(announcement)
        } else {
            guard !isOld(announcement) else { return ignore("an announcement of a round that is over") }
            guard begin(announcement, id: id, proof: proof) else { return }
        }
        guard session?.stage == .downloading else { return }
        markAsked()
        if let payload, session?.take(payload, at: 0) != true {
            return decline(id, round: announcement.round, .badAnnouncement)
        }
        finishDownload()
    }

    mutating func receive(_ chunk: ChunkHeader, payload: [UInt8]) {
        guard chunk.session == session?.id, session?.stage == .downloading else { return }
        // A chunk behind a gap is left out; the rest is asked for again when nothing comes any more.
        guard session?.take(payload, at: chunk.index) == true else { return }
        markAsked()
        finishDownload()
    }

    /// Forgets the session, and the training with it.
    mutating func abandonSession() {
        if let session, session.stage == .training { effects.append(.cancelTraining(session.id)) }
        session = nil
    }

    mutating func decline(_ id: SessionID, round: UInt32, _ reason: DeclineReason) {
        if session?.id == id {
            session?.stage = .over
            session?.bytes = []
        }
        send(.decline(.init(session: id, reason: reason)))
        effects.append(.report(.declined(round: Int(round), reason)))
    }

    private func isOld(_ announcement: CoordinatorMessage.RoundAnnouncement) -> Bool {
        guard let known = session?.announcement else { return false }
        return (announcement.round, announcement.attempt) < (known.round, known.attempt)
    }

    /// The coordinator asks again: with another encoding, or because it does not have the update.
    private mutating func repeated(_ announcement: CoordinatorMessage.RoundAnnouncement) {
        switch session?.stage {
        case .downloading: session?.restart(announcement)
        case .sending: sendUpdate()
        case .training, .over, nil: break
        }
    }

    private mutating func begin(
        _ announcement: CoordinatorMessage.RoundAnnouncement, id: SessionID, proof: AnnouncementProof
    ) -> Bool {
        abandonSession()
        settlePending(announcement)
        session = ClientSession(
            id: id, announcement: announcement, proof: proof, deadline: now + announcement.deadline)
        let limit = model.map { PublishedModel.maximumByteCount($0.layout) } ?? ProtocolLimits.transferByteCount
        if announcement.byteCount > limit {
            decline(id, round: announcement.round, .badAnnouncement)
        } else if configuration.sampleCount == 0 {
            decline(id, round: announcement.round, .noData)
        } else {
            return beginMasked(announcement, proof: proof)
        }
        return false
    }

    /// What the former update left behind counts from now on, unless the coordinator has refused that update.
    ///
    /// Without an answer it may or may not be in the model. Its mass is then given up rather than counted twice. Whether it
    /// predicts the next one does not hang on the answer: the coordinator says which update it holds.
    private mutating func settlePending(_ announcement: CoordinatorMessage.RoundAnnouncement) {
        let held = announcement.predictionRound
        if let pending = state.pending, !pending.belongs(to: announcement) {
            if let made = pending.made, made.round == held { state.lastUpdate = made }
            if !isPendingRefused { state.residual = pending.residualAfter }
            decayResidual(missed: Int(announcement.round) - Int(pending.round) - 1)
            isPendingRefused = false
            state.pending = nil
        } else if let base = state.pending?.predictedFrom, base != held || base != state.lastUpdate?.round {
            // The coordinator has gone back to an older state or could not read it: it is made anew.
            isPendingRefused = false
            state.pending = nil
        }
        if state.lastUpdate?.round != held { state.lastUpdate = nil }
    }

    /// Gives up a part of what is left of an update that lies some rounds back: the model has moved on since.
    private mutating func decayResidual(missed rounds: Int) {
        guard let halfLife = parameters?.compression.residualHalfLife, rounds > 0 else { return }
        let factor = Float(exp2(-Double(rounds) / halfLife))
        for index in state.residual.indices { state.residual[index] *= factor }
    }
}

extension PendingUpdate {
    /// Whether this is the answer to an announcement: the same round, from the same model.
    func belongs(to announcement: CoordinatorMessage.RoundAnnouncement) -> Bool {
        round == announcement.round && version == announcement.version && modelHash == announcement.modelHash
    }
}
