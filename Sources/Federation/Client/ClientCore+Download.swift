import Messages
import Tensors

extension ClientCore {
    private enum Problem: Error {
        /// The difference is against a version that is not held.
        case otherBase
        case damaged
    }

    /// Decodes and verifies a complete download, and trains from it or sends the update that exists already.
    mutating func finishDownload() {
        guard let session, session.stage == .downloading, session.isDownloaded, let model else { return }
        do {
            let received = try decode(session, model: model)
            let hash = session.announcement.modelHash
            self.model?.hold(received, version: session.announcement.version, hash: hash)
        } catch .otherBase {
            return requestModel(held: model.version)
        } catch {
            // A damaged difference, or one against other contents of the same number: only the whole model helps.
            guard session.announcement.baseVersion != nil else {
                return decline(session.id, round: session.announcement.round, .badAnnouncement)
            }
            return requestModel(held: nil)
        }
        self.session?.bytes = []
        effects.append(
            .report(.received(version: session.announcement.version, byteCount: session.announcement.byteCount)))
        if state.pending != nil { sendUpdate() } else { train() }
    }

    /// Asks for the model in another encoding, a bounded number of times.
    mutating func requestModel(held: UInt32?) {
        guard let session else { return }
        guard session.requests < 3 else {
            return decline(session.id, round: session.announcement.round, .badAnnouncement)
        }
        markAsked()
        self.session?.requests += 1
        self.session?.bytes = []
        self.session?.nextChunk = 0
        // Until the answer comes there is nothing to complete, not even an empty payload.
        self.session?.announcement.byteCount = 1
        send(.modelRequest(.init(session: session.id, heldVersion: held)))
    }

    private func decode(_ session: ClientSession, model: LocalModel) throws(Problem) -> PublishedModel {
        let announcement = session.announcement
        let received: PublishedModel
        if let base = announcement.baseVersion {
            let held = try self.base(base, model: model)
            guard announcement.byteCount > 0 else {
                guard announcement.version == base, announcement.modelHash == held.hash else { throw .damaged }
                return held
            }
            do { received = try held.applying(session.bytes) } catch { throw .damaged }
        } else {
            do { received = try model.initial.decodingWhole(session.bytes, layout: model.layout) } catch {
                throw .damaged
            }
        }
        guard received.hash == announcement.modelHash else { throw .damaged }
        return received
    }

    /// The version that a difference is against: the one that is held, or version 0 from which coded models lead.
    private func base(_ version: UInt32, model: LocalModel) throws(Problem) -> PublishedModel {
        if version == model.version { return model.published }
        guard version == 0, case .coded = model.initial else { throw .otherBase }
        return model.initial
    }

    private mutating func train() {
        guard let session, let parameters, let model, let number = state.clientNumber else { return }
        self.session?.stage = .training
        let round = Int(session.announcement.round)
        effects.append(.report(.training(round: round)))
        effects.append(
            .train(
                TrainingTask(
                    session: session.id, round: round, parameters: model.published.parameters, plan: parameters.plan,
                    work: parameters.work(of: number), seed: parameters.trainingSeed(round: round, client: number),
                    deadline: session.deadline)))
    }
}
