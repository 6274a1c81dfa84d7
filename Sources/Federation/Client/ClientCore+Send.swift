import Encryption
import Messages

extension ClientCore {
    /// Sends the header of the update and its first chunk; the others follow when they are asked for.
    mutating func sendUpdate() {
        guard let session, let pending = state.pending, pending.belongs(to: session.announcement),
            let bytes = upload(pending)
        else { return }
        let isFirst = session.stage != .sending
        self.session?.stage = .sending
        if isFirst { markAsked() }
        let resultID = session.resultID ?? ResultID(update: bytes, session: session.id)
        self.session?.resultID = resultID
        guard let sealed = seal(0) else { return }
        send(
            .update(
                .init(
                    session: session.id, resultID: resultID, sampleCount: pending.sampleCount,
                    // What a single client measured stays with it in the masked lane.
                    trainingLoss: session.masked == nil ? pending.trainingLoss : 0, byteCount: bytes.count)),
            payload: sealed)
        guard isFirst else { return }
        effects.append(
            .report(
                .sent(
                    round: Int(session.announcement.round), byteCount: bytes.count,
                    trainingLoss: pending.trainingLoss)))
    }

    /// The coordinator has room for the rest, or asks for something again.
    mutating func receive(_ point: ResumePoint) {
        guard point.session == session?.id, session?.stage == .sending else { return }
        sendChunks(from: point.nextChunk)
    }

    /// After a new connection: goes on where the coordinator says, or begins again.
    mutating func resume(at point: ResumePoint?) {
        sendChunks(from: point?.session == session?.id ? point?.nextChunk ?? 0 : 0)
    }

    mutating func receive(_ receipt: CoordinatorMessage.Receipt) {
        guard let session, receipt.session == session.id, session.resultID != nil else { return }
        // An update that does not count leaves the residual as it was before; the answer may come late. Stale says
        // nothing about that: a coordinator that died between publishing and answering had counted the update.
        if let pending = state.pending, pending.belongs(to: session.announcement), receipt.outcome != .stale {
            isPendingRefused = receipt.outcome != .accepted
            // Perhaps predicted by something else than what the coordinator holds: the next one is whole.
            if receipt.outcome == .malformed { state.lastUpdate = nil }
        }
        guard session.stage == .sending else { return }
        self.session?.stage = .over
        effects.append(.report(.answered(round: Int(session.announcement.round), receipt.outcome)))
    }

    private mutating func sendChunks(from first: Int) {
        guard first > 0 else { return sendUpdate() }
        guard let id = session?.id, let byteCount = uploadBytes?.count else { return }
        markAsked()
        let count = ProtocolLimits.chunkCount(of: byteCount)
        guard first < count else { return }
        for index in first..<count {
            guard let sealed = seal(index) else { return }
            send(.chunk(.init(session: id, index: index)), payload: sealed)
        }
    }

    /// The bytes that are sent: masked ones in the masked lane, otherwise the pending update.
    private var uploadBytes: [UInt8]? {
        if let masked = session?.masked { masked.upload } else { state.pending?.bytes }
    }

    /// Seals one chunk; nil, and the round is declined, when the round key is not usable.
    private mutating func seal(_ index: Int) -> [UInt8]? {
        guard let session, let bytes = uploadBytes, let resultID = session.resultID else { return nil }
        let binding = UpdateBinding(
            proof: session.proof, session: session.id, sender: PublicKeyBytes(unchecked: keys.publicKey),
            resultID: resultID, byteCount: bytes.count)
        do {
            let key =
                if let known = session.payloadKey { known } else {
                    try binding.key(ours: keys, theirs: session.proof.roundKey)
                }
            self.session?.payloadKey = key
            let chunk = bytes[ProtocolLimits.chunkRange(index, of: bytes.count)]
            return try key.seal(chunk, associatedData: binding.associatedData(chunk: index))
        } catch {
            effects.append(.report(.ignored("the update cannot be sealed: \(error)")))
            decline(session.id, round: session.announcement.round, .badAnnouncement)
            return nil
        }
    }
}
