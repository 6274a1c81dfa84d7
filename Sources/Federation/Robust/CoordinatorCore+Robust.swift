import Privacy
import Tensors

extension CoordinatorCore {
    /// Whether the updates of a cohort fit the memory that the rule may take. If not, the federation ends.
    mutating func canCollect(_ cohort: [Int]) -> Bool {
        let settings = configuration.policy.aggregation
        let allowed = settings.maximumValueCount / max(1, configuration.layout.count)
        guard settings.needsAllUpdates, cohort.count > allowed else { return true }
        end(.cohortTooLarge(clients: cohort.count, allowed: allowed))
        return false
    }

    /// Adds the decoded update of a client to the round, clipped where the policy says so; the parameters before
    /// `first` were not trained.
    mutating func add(from number: Int, weight: Int, first: Int) throws(FederationError) {
        let isWithinClip = try clipForPrivacy()
        let aggregation = configuration.policy.aggregation
        if aggregation.rule == .normBound {
            do { try L2Clipping.clip(&scratch, toNorm: aggregation.norm) } catch { throw .notFinite(index: 0) }
        }
        let update = scratch
        try round?.accumulator.add(update, weight: weight, from: first)
        round?.collector?.add(update, client: number)
        if isWithinClip { round?.withinClip += 1 }
    }

    /// One update made of all of a round; nil when that is not possible.
    mutating func combined(_ round: ActiveRound) -> [Float]? {
        if privacy != nil { return privateMean(of: round) }
        guard let collector = round.collector else { return round.accumulator.mean() }
        do { return try collector.combined() } catch {
            effects.append(.warn("round \(round.attempt.round): \(error)"))
            return nil
        }
    }

    /// Whether a measured version may be published; it is the mark for the next one then.
    mutating func accepts(_ evaluation: Evaluation) -> Bool {
        if let settings = configuration.policy.acceptance,
            !settings.accepts(evaluation, after: acceptedAccuracy)
        {
            return false
        }
        acceptedAccuracy = evaluation.int8Accuracy
        return true
    }

    /// Forgets a version that was not accepted.
    mutating func rollBack() {
        guard var report = publication?.report else { return }
        publication = nil
        report.outcome = .rejected
        report.version = model.version
        report.modelHash = model.hash
        retry(report)
    }
}
