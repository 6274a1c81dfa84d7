import Federation

extension FinishReport {
    /// Why the federation ended, for people.
    var reason: String {
        switch outcome {
        case .completed: "all rounds are published"
        case .tooManyFailures(let round):
            "round \(round) failed as often as the policy allows; too few clients answered in time"
        case .tooFewClients(let connected, let needed): "\(connected) of the \(needed) clients needed were connected"
        case .stopped: "stopped; a restart goes on from the newest version"
        }
    }
}
