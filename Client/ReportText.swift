import Federation
import Messages

/// What a client did, in one line for people.
enum ReportText {
    static func line(_ report: ClientReport) -> String {
        switch report {
        case .welcomed(let number): "connected as client \(number)"
        case .received(let version, let byteCount): "received version \(version), \(byteCount) bytes"
        case .training(let round): "round \(round): training"
        case .sent(let round, let byteCount, let loss): "round \(round): sent \(byteCount) bytes, loss \(loss)"
        case .answered(let round, let outcome): "round \(round): \(outcome.rawValue)"
        case .declined(let round, let reason): "round \(round): declined, \(reason.rawValue)"
        case .refusedRoster(let why): "roster refused: \(why)"
        case .ignored(let what): "ignored: \(what)"
        }
    }
}

extension ClientReport {
    /// Whether people should see it also when they want to see errors alone.
    var isRefusal: Bool { if case .refusedRoster = self { true } else { false } }
}
