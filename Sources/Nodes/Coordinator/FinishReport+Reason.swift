import Federation
import Reporting

extension FinishReport {
    /// Why the federation ended, for people.
    var reason: String {
        switch outcome {
        case .completed: "all rounds are published"
        case .tooManyFailures(let round):
            "round \(round) failed as often as the policy allows; too few clients answered in time"
        case .tooFewClients(let connected, let needed): "\(connected) of the \(needed) clients needed were connected"
        case .budgetSpent(let epsilon, let next):
            "the privacy budget is spent: epsilon is \(HumanUnits.epsilon(epsilon)), one more round would make it "
                + HumanUnits.epsilon(next)
        case .cohortTooLarge(let clients, let allowed):
            "robust aggregation may hold \(allowed) updates, but \(clients) clients were drawn; lower the cohort or "
                + "raise aggregation.maximum_values"
        case .stopped: "stopped; a restart goes on from the newest version"
        }
    }
}
