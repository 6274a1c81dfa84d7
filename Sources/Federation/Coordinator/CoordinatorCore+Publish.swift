import Messages
import UpdateCodec

extension CoordinatorCore {
    /// Has a version evaluated if it is its turn, and publishes it.
    mutating func evaluate(_ publication: Publication) {
        self.publication = publication
        let policy = configuration.policy
        let round = publication.report.round
        guard policy.evaluateEvery > 0, round % policy.evaluateEvery == 0 || round == policy.rounds else {
            return publish()
        }
        let request: EvaluationRequest
        do { request = try publication.model.evaluationRequest(layout: configuration.layout) } catch {
            effects.append(.warn("version \(publication.model.version) cannot be evaluated (\(error))"))
            return publish()
        }
        phase = .evaluating
        phaseDeadline = now + policy.evaluationDeadline
        effects.append(.evaluate(request))
    }

    mutating func evaluated(_ version: UInt32, _ evaluation: Evaluation) {
        guard phase == .evaluating, publication?.model.version == version else { return }
        publication?.report.evaluation = evaluation
        guard accepts(evaluation) else { return rollBack() }
        publish()
    }

    mutating func publishUnevaluated() {
        effects.append(.warn("version \(publication?.model.version ?? 0) was not evaluated in time"))
        publish()
    }

    private mutating func publish() {
        guard let publication else { return }
        self.publication = nil
        var report = publication.report
        for (outcome, count) in strays { report.rejected[outcome, default: 0] += count }
        strays = [:]
        model = publication.model
        if !publication.activations.isEmpty { activations = publication.activations }
        lastUpdates.publish(publication.lastUpdates)
        history.publish(version: model.version, model: model.published)
        effects.append(
            .persist(
                CoordinatorRecord(
                    version: model.version, modelHash: model.hash, master: model.master,
                    lattice: LatticeDifference.encodeWhole(model.lattice), average: model.average ?? [],
                    coded: model.published.codedSteps,
                    strategy: model.strategy, answerSeconds: answerSeconds, report: report,
                    activations: activations, lastUpdates: lastUpdates.known)))
        effects.append(.report(report))
        next = RoundAttempt(round: Int(model.version) + 1, attempt: 0, failures: 0)
        if let target = configuration.policy.stopAtAccuracy, let evaluation = report.evaluation {
            hasReachedTarget = evaluation.int8Accuracy >= target
        }
        if isComplete { finish() } else { enrol() }
    }

    /// Whether no further round is to come.
    var isComplete: Bool { hasReachedTarget || Int(model.version) >= configuration.policy.rounds }

    /// Tells every client that the federation is complete, and waits a while for those that are gone.
    mutating func finish() {
        phase = .finishing
        phaseDeadline = now + configuration.policy.finishGrace
        for number in readyPeers.keys.sorted() {
            if let peer = readyPeers[number] { tellFinish(number, peer) }
        }
        progressFinishing()
    }

    mutating func tellFinish(_ number: Int, _ peer: PeerID) {
        send(.finish(.init(version: model.version, modelHash: model.hash)), to: peer)
        told.insert(number)
    }

    mutating func progressFinishing() {
        let expected = max(greeted.count, requiredClients)
        if told.count >= expected || isPhaseOver { end(verdict) }
    }
}
