import Foundation

/// When the rounds of an arm ended, told from the end of the run: results hold durations only.
enum RoundClock {
    /// Seconds since 1970 at the end of every round, ascending.
    static func times(_ arm: ArmSummary, endingAt end: Date) -> [Double] {
        let total = arm.roundsLog.reduce(0) { $0 + $1.seconds }
        var time = end.timeIntervalSince1970 - total
        return arm.roundsLog.map { log in
            time += log.seconds
            return time
        }
    }
}
