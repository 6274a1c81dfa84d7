import Configuration
import Federation
import Messages
import Reporting

/// What an arm came to, and the rows that later arms are compared with.
struct ArmResult: Sendable {
    var summary: ArmSummary
    var rows: [ProgressTable.Row]
}

/// Gathers the progress of one arm into its result.
struct ArmCollector {
    private let arm: ScenarioArm
    private var parameterCount = 0
    private var rows: [ProgressTable.Row] = []
    private var log: [RoundLog] = []
    private var finished: CoordinatorProgress.Finished?
    private var lastEvaluation: Evaluation?
    private var carried = WireByteCount.zero
    private var rejected = 0
    private let begin = ContinuousClock().now

    init(arm: ScenarioArm) { self.arm = arm }

    /// Takes one event; a row to show when it ends a round.
    mutating func take(_ event: CoordinatorProgress) -> ProgressTable.Row? {
        switch event {
        case .listening(let listening):
            parameterCount = listening.parameterCount
            return nil
        case .finished(let finished):
            self.finished = finished
            return nil
        case .round(let progress): return take(progress)
        }
    }

    private mutating func take(_ progress: CoordinatorProgress.RoundProgress) -> ProgressTable.Row? {
        let report = progress.report
        carried += progress.roundBytes
        rejected += report.rejected.values.reduce(0, +)
        // An attempt below quorum is no round: its bytes and rejections belong to the round that it was for.
        guard report.outcome == .published else { return nil }
        defer {
            carried = .zero
            rejected = 0
        }
        lastEvaluation = report.evaluation ?? lastEvaluation
        log.append(
            RoundLog(
                round: report.round, accuracy: report.evaluation?.accuracy,
                int8Accuracy: report.evaluation?.int8Accuracy, upBytes: carried.up, downBytes: carried.down,
                seconds: report.seconds, participants: report.participants.count, rejected: rejected))
        let row = ProgressTable.Row(progress, roundBytes: carried, timeLeft: timeLeft(after: report.round))
        rows.append(row)
        return row
    }

    /// Rounds ahead at the pace of the last ten.
    private func timeLeft(after round: Int) -> Duration {
        let recent = log.suffix(10)
        let pace = recent.map(\.seconds).reduce(0, +) / Double(recent.count)
        return .seconds(pace * Double(arm.run.rounds - round))
    }

    /// The result of the arm.
    ///
    /// - Throws: `NodeError.incomplete` when the coordinator did not report its end.
    func result() throws(NodeError) -> ArmResult {
        guard let finished, finished.completed else {
            throw .incomplete("arm \(arm.name) did not complete: \(finished?.reason ?? "the coordinator is gone")")
        }
        let summary = ArmSummary(
            name: arm.name, rounds: log.count, clients: arm.clients, parameters: parameterCount,
            finalAccuracy: lastEvaluation?.accuracy, int8Accuracy: lastEvaluation?.int8Accuracy,
            modelHash: finished.modelHash, wallSeconds: begin.duration(to: .now) / .seconds(1),
            peakRSSBytes: finished.peakRSSBytes, wire: WireSummary(ByteLedger(entries: finished.ledger)),
            roundsLog: log)
        return ArmResult(summary: summary, rows: rows)
    }
}
