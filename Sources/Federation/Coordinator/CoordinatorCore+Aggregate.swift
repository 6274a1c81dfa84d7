import Messages
import Quantization

extension CoordinatorCore {
    /// Ends the attempt when every answer is in, when too few can still come, or at its deadline.
    mutating func progressCollecting() {
        evictStalled()
        guard round?.masked == nil else { return progressMasked() }
        if let settings = configuration.policy.buffered { progressTurns(settings) }
        guard let round else { return }
        let isEnough = round.count(.accepted) >= round.needed
        let expected = isBufferFull ? 0 : round.count(.pending)
        if isPhaseOver || (expected == 0 && isEnough) {
            if isEnough { aggregate() } else { fail() }
        } else if round.count(.accepted) + expected + round.count(.gone) < round.needed {
            fail()
        }
    }

    private mutating func aggregate() {
        guard let round, let mean = combined(round) else { return fail() }
        aggregate(mean)
    }

    /// Moves the master by the mean update and quantizes it.
    mutating func aggregate(_ mean: [Float]) {
        guard let round else { return }
        var master = model.master
        var state = model.strategy
        strategy.apply(mean, layout: configuration.layout, to: &master, state: &state)
        let made: GlobalModel
        do {
            made = try model.next(master: master, strategy: state, initial: initial, configuration: configuration)
        } catch {
            effects.append(.warn("round \(round.attempt.round): the new model cannot be encoded (\(error))"))
            return fail()
        }
        let activations = round.activations.map {
            $0.encoded(maximumByteCount: CoordinatorRecord.maximumHistogramByteCount)
        }
        var report = closeRound(.published)
        report.version = made.version
        report.modelHash = made.hash
        evaluate(
            Publication(model: made, report: report, lastUpdates: round.lastUpdates, activations: activations))
    }

    /// The attempt did not count: the model stays what it is, and the round is begun again after a pause.
    mutating func fail() {
        retry(closeRound(.belowQuorum))
    }

    /// Begins the round again after a pause, unless that was tried often enough.
    mutating func retry(_ report: RoundReport) {
        // Not published, and yet something followed from it: it is remembered and paid for.
        if let release = report.privacy { effects.append(.keep(release)) }
        effects.append(.report(report))
        next.attempt += 1
        next.failures += 1
        guard next.failures < configuration.policy.maximumFailures else {
            return end(.tooManyFailures(round: next.round))
        }
        phase = .pausing
        phaseDeadline = now + configuration.policy.retryPause
    }

    /// Forgets the round key and everything else of the attempt; what is left is its report.
    private mutating func closeRound(_ outcome: RoundReport.Outcome) -> RoundReport {
        guard let round else { preconditionFailure("no round is active") }
        var report = round.report
        report.outcome = outcome
        report.participants.sort()
        if configuration.policy.buffered == nil {
            report.missing = round.count(.pending) + round.count(.gone)
        } else {
            keepTurns(of: round, &report)
        }
        report.trainingLoss = report.sampleCount > 0 ? round.lossSum / Double(report.sampleCount) : 0
        report.seconds = (now - round.began) / .seconds(1)
        closedSessions.append(round.closed)
        if closedSessions.count > rememberedSessionCount { closedSessions.removeFirst() }
        self.round = nil
        return report
    }
}
