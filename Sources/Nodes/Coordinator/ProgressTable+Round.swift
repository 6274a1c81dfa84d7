import Federation
import Messages
import Reporting

extension ProgressTable.Row {
    /// The row of one reported attempt.
    ///
    /// - Parameters:
    ///   - roundBytes: bytes of the round, with those of attempts before it that failed; nil: the report's own.
    ///   - timeLeft: for the rounds ahead.
    public init(
        _ progress: CoordinatorProgress.RoundProgress, roundBytes: WireByteCount? = nil, timeLeft: Duration? = nil
    ) {
        let report = progress.report
        let late = report.rejected[.late] ?? 0
        self.init(
            round: report.round, accuracy: report.evaluation?.accuracy, int8Accuracy: report.evaluation?.int8Accuracy,
            roundBytes: roundBytes ?? progress.roundBytes, totalBytes: progress.totalBytes,
            accepted: report.participants.count, late: late,
            failed: max(0, report.cohort.count - report.participants.count - late), timeLeft: timeLeft,
            epsilon: report.privacy?.epsilon)
    }
}
