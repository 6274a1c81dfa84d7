import Configuration
import Federation
import Foundation
import Nodes
import Reporting
import Synchronization

/// Shows a coordinator's progress on standard output.
final class ProgressPrinter: Sendable {
    private let form: Serve.ProgressForm
    private let table: ProgressTable
    private let heading: [String]
    private let rounds: Int
    private let pace = Mutex(RoundPace())

    init(form: Serve.ProgressForm, file: FederationFile) {
        self.form = form
        let style = TextStyle(
            isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        table = ProgressTable(
            rounds: file.run.rounds, style: style, showsEpsilon: file.run.privacy != nil)
        heading = table.heading(arm: file.name)
        rounds = file.run.rounds
    }

    func show(_ progress: CoordinatorProgress) {
        switch form {
        case .none: return
        case .json: Console.show(progress.line())
        case .table: for line in lines(progress) { Console.show(line) }
        }
    }

    private func lines(_ progress: CoordinatorProgress) -> [String] {
        switch progress {
        case .listening(let listening):
            let resumed = listening.version > 0 ? ", going on from version \(listening.version)" : ""
            return ["listening on \(listening.endpoint)\(resumed)"] + heading
        case .round(let round): return [table.line(ProgressTable.Row(round, timeLeft: timeLeft(after: round.report)))]
        case .finished(let finished): return ["\(finished.reason); model \(finished.modelHash)"]
        }
    }

    /// Nil for an attempt that published nothing.
    private func timeLeft(after report: RoundReport) -> Duration? {
        guard report.outcome == .published else { return nil }
        return pace.withLock { $0.timeLeft(after: report.seconds, ahead: max(0, rounds - report.round)) }
    }
}
