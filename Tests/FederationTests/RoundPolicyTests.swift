import Federation
import Testing

struct RoundPolicyTests {
    @Test(arguments: [(0.5, 1, 1), (0.5, 10, 5), (0.5, 11, 6), (1, 7, 7), (0.01, 3, 1), (0.5, 0, 1)])
    func fractionsRoundUp(fraction: Double, cohort: Int, needed: Int) {
        #expect(Quorum.fraction(fraction).needed(of: cohort) == needed)
    }

    @Test func settingsOutOfRangeAreRefused() throws {
        try RoundPolicy(rounds: 0).validate()
        let changes: [(inout RoundPolicy) -> Void] = [
            { $0.rounds = -1 }, { $0.cohort = .count(0) }, { $0.minimumClients = 0 }, { $0.quorum = .fraction(0) },
            { $0.quorum = .fraction(1.1) }, { $0.quorum = .fraction(.nan) }, { $0.quorum = .count(0) },
            { $0.deadlineFloor = .zero }, { $0.deadlineCeiling = .seconds(1) }, { $0.deadlineFactor = 0.5 },
            { $0.evaluateEvery = -1 }, { $0.evaluationDeadline = .zero }, { $0.maximumFailures = 0 },
            { $0.retryPause = .seconds(-1) }, { $0.strategy.tau = 0 },
            {
                $0.cohort = .count(3)
                $0.quorum = .count(4)
            },
        ]
        for (index, change) in changes.enumerated() {
            var policy = RoundPolicy(rounds: 1)
            change(&policy)
            #expect(throws: FederationError.self, "change \(index)") { try policy.validate() }
        }
    }
}
