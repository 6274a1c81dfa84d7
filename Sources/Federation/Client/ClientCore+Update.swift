import Messages
import Privacy
import Tensors
import UpdateCodec

extension ClientCore {
    /// Makes an update of what was trained, stores it and sends it.
    mutating func trained(_ id: SessionID, _ result: TrainingResult) {
        guard let session, session.id == id, session.stage == .training else { return }
        if holdsBack(result) { return }
        guard result.sampleCount > 0 else { return decline(id, round: session.announcement.round, .noData) }
        do {
            state.pending = try encode(result, for: session)
        } catch .notFinite {
            return decline(id, round: session.announcement.round, .diverged)
        } catch {
            effects.append(.report(.ignored("the update cannot be encoded: \(error)")))
            return decline(id, round: session.announcement.round, .failed)
        }
        persist()
        sendUpdate()
    }

    mutating func trainingFailed(_ id: SessionID, _ reason: DeclineReason) {
        guard let session, session.id == id, session.stage == .training else { return }
        decline(id, round: session.announcement.round, reason)
    }

    /// Difference to the received model → clip → add residual → encode; what that leaves behind is kept.
    private func encode(_ result: TrainingResult, for session: ClientSession) throws(FederationError) -> PendingUpdate {
        guard let model, let parameters, let number = state.clientNumber else { throw .codec("no model") }
        let round = Int(session.announcement.round)
        var update = try difference(result.parameters, model.published.parameters)
        guard result.meanLoss.isFinite else { throw .notFinite(index: 0) }
        if let clipNorm = parameters.clipNorm {
            do { try L2Clipping.clip(&update, toNorm: Double(clipNorm)) } catch { throw .notFinite(index: 0) }
        }
        var context = parameters.codecContext(round: round, client: number)
        context.shared = try sharedCodec(model, round: round)
        context.prediction = state.lastUpdate?.prediction
        var encoded: (bytes: [UInt8], residual: [Float], decoded: [Float])
        do { encoded = try encode(&update, model: model, context: context) } catch {
            if case .notFinite(let index) = error { throw .notFinite(index: index) }
            throw .codec(String(describing: error))
        }
        if let bound = context.shared?.bound { encoded = (try bounded(encoded.bytes, bound), [], []) }
        // A codec that is not exact leaves something behind even where this client trains nothing.
        let frozen = min(parameters.work(of: number)?.firstParameter ?? 0, encoded.residual.count)
        for index in 0..<frozen { encoded.residual[index] = 0 }
        let last =
            parameters.compression.predictsUpdates
            ? LastUpdate(round: session.announcement.round, bytes: encoded.bytes, decoded: encoded.decoded) : nil
        let isPredicted = last != nil && PredictedCodec.isPredicted(encoded.bytes)
        if parameters.plan.calibrates(in: round) {
            encoded.bytes = CalibratedUpdate(update: encoded.bytes, activations: result.activations).bytes
        }
        return PendingUpdate(
            round: session.announcement.round, version: session.announcement.version,
            modelHash: session.announcement.modelHash, bytes: encoded.bytes, sampleCount: result.sampleCount,
            trainingLoss: result.meanLoss, residualAfter: encoded.residual, made: last,
            predictedFrom: isPredicted ? state.lastUpdate?.round : nil)
    }

    /// Whole numbers within the bound, whatever rounding did. What the clip took away is not kept: it would come back in
    /// every round, and more each time.
    private func bounded(_ bytes: [UInt8], _ bound: SharedBound) throws(FederationError) -> [UInt8] {
        var values = MaskedCodec.values(bytes)
        do { try IntegerClipping.clip(&values, toNorm: bound.integerClip) } catch { throw .privacy("\(error)") }
        return MaskedCodec.bytes(values)
    }

    /// Encodes an update with error feedback, which lossless codecs do not need.
    private func encode(
        _ update: inout [Float], model: LocalModel, context: CodecContext
    ) throws(CodecError) -> (bytes: [UInt8], residual: [Float], decoded: [Float]) {
        guard !model.codec.isLossless else {
            return (try model.codec.encode(update, layout: model.layout, context: context), [], [])
        }
        var feedback =
            state.residual.isEmpty ? ErrorFeedback(count: update.count) : ErrorFeedback(residual: state.residual)
        feedback.compensate(&update)
        let bytes = try model.codec.encode(update, layout: model.layout, context: context)
        var decoded = [Float](repeating: 0, count: update.count)
        try model.codec.decode(bytes, layout: model.layout, context: context, into: &decoded)
        feedback.absorb(update, decoded: decoded)
        return (bytes, feedback.residual, decoded)
    }

    private func difference(_ trained: [Float], _ received: [Float]) throws(FederationError) -> [Float] {
        guard trained.count == received.count else {
            throw .shapeMismatch(expected: received.count, actual: trained.count)
        }
        let update = zip(trained, received).map { $0 - $1 }
        if let index = update.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
        return update
    }
}
