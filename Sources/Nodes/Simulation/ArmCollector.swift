import Configuration
import Encryption
import Federation
import Foundation
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
    private var pace = RoundPace()
    private var log: [RoundLog] = []
    private var finished: CoordinatorProgress.Finished?
    private var lastEvaluation: Evaluation?
    private var carried = WireByteCount.zero
    private var carriedLinkSeconds = 0.0
    private var carriedRepeats = 0
    private var rejected = 0
    private let begin = ContinuousClock().now
    private let clientLog: ClientLog
    private let links: ClientLinks?
    private var devices: DeviceCosts?
    private var effort: DeviceEffort?

    /// Starts the arm's `clients.csv`.
    init(arm: ScenarioArm, folder: ArmFolder) throws(NodeError) {
        self.arm = arm
        clientLog = try ClientLog(folder)
        links = arm.links.map { ClientLinks($0, clients: arm.clients, seed: arm.seed) }
    }

    /// Takes one event; a row to show when it ends a round.
    ///
    /// - Throws: `NodeError.file` when `clients.csv` cannot be written.
    mutating func take(_ event: CoordinatorProgress) throws(NodeError) -> ProgressTable.Row? {
        switch event {
        case .listening(let listening):
            parameterCount = listening.parameterCount
            if let spec = listening.spec { devices = try? DeviceCosts(arm.run, spec: spec) }
            return nil
        case .finished(let finished):
            self.finished = finished
            return nil
        case .round(let progress):
            try note(progress)
            return take(progress)
        }
    }

    /// Writes down what the clients did, and how long the slowest of them would have been on its link.
    private mutating func note(_ progress: CoordinatorProgress.RoundProgress) throws(NodeError) {
        let clients = progress.clients
        let seconds = clients.map { client in
            client.outcome == .late ? nil : links?.seconds(client)
        }
        let trained = max(progress.report.participants.count, 1)
        effort = devices?.note(clients, samples: progress.report.sampleCount / trained)
        carriedLinkSeconds += progress.report.linkSeconds ?? seconds.compactMap { $0 }.max() ?? 0
        try clientLog.append(round: progress.report.round, clients, linkSeconds: seconds)
    }

    private mutating func take(_ progress: CoordinatorProgress.RoundProgress) -> ProgressTable.Row? {
        let report = progress.report
        carried += progress.roundBytes
        carriedRepeats += progress.repeatedByteCount ?? 0
        rejected += report.rejected.values.reduce(0, +)
        // An attempt below quorum is no round: its bytes and rejections belong to the round that it was for.
        guard report.outcome == .published else { return nil }
        defer {
            carried = .zero
            carriedLinkSeconds = 0
            carriedRepeats = 0
            rejected = 0
        }
        lastEvaluation = report.evaluation ?? lastEvaluation
        log.append(
            RoundLog(
                round: report.round, accuracy: report.evaluation?.accuracy,
                int8Accuracy: report.evaluation?.int8Accuracy, upBytes: carried.up, downBytes: carried.down,
                seconds: report.seconds, participants: report.participants.count, rejected: rejected,
                linkSeconds: links == nil ? nil : carriedLinkSeconds, devices: effort,
                epsilon: report.privacy?.epsilon, multicastDownBytes: carried.down - carriedRepeats))
        let timeLeft = pace.timeLeft(after: report.seconds, ahead: arm.run.rounds - report.round)
        var row = ProgressTable.Row(progress, roundBytes: carried, timeLeft: timeLeft)
        row.effort = effort
        rows.append(row)
        return row
    }

    /// The result of the arm.
    ///
    /// - Throws: `NodeError.incomplete` when the coordinator did not report its end, `ConfigurationError`.
    func result() throws -> ArmResult {
        guard let finished, finished.completed else {
            throw NodeError.incomplete(
                "arm \(arm.name) did not complete: \(finished?.reason ?? "the coordinator is gone")")
        }
        let configuration = try arm.yaml()
        let summary = ArmSummary(
            name: arm.name, rounds: log.count, clients: arm.clients, parameters: parameterCount,
            finalAccuracy: lastEvaluation?.accuracy, int8Accuracy: lastEvaluation?.int8Accuracy,
            modelHash: finished.modelHash, epsilon: log.last?.epsilon,
            wallSeconds: begin.duration(to: .now) / .seconds(1),
            peakRSSBytes: finished.peakRSSBytes, wire: WireSummary(ByteLedger(entries: finished.ledger)),
            configuration: configuration, configurationHash: ArmCollector.hash(configuration),
            devices: devices?.summaries, roundsLog: log)
        return ArmResult(summary: summary, rows: rows)
    }

    /// BLAKE2b-256 of a text, in hexadecimal.
    static func hash(_ text: String) -> String { Digest(unchecked: Blake2b256.hash(Array(text.utf8))).hex }
}
