import Foundation
import Privacy
import Testing

struct PrivacyLedgerTests {
    private static let round = PrivacyMechanism.gaussian(noiseMultiplier: 1, samplingRate: 0.1)

    private static func ledger(epsilon: Double = 4, _ accountant: Accountant = .pld) throws -> PrivacyLedger {
        PrivacyLedger(budget: try PrivacyBudget(epsilon: epsilon, delta: 1e-4), accountant: accountant)
    }

    private static func restarted(_ ledger: PrivacyLedger) throws -> PrivacyLedger {
        try JSONDecoder().decode(PrivacyLedger.self, from: JSONEncoder().encode(ledger))
    }

    @Test(arguments: Accountant.allCases)
    func stopsBeforeTheBudgetIsPassed(_ accountant: Accountant) throws {
        var ledger = try Self.ledger(accountant)
        let plan = PrivacyPlan(mechanism: Self.round, rounds: 0, delta: 1e-4, accountant: accountant)
        let most = try plan.rounds(for: 4)
        for round in 0..<most { try ledger.spend(Self.round, for: ReleaseKey(round: round)) }
        let spent = try ledger.spent()
        #expect(spent.fitsBudget)
        let next = try ledger.wouldSpend(Self.round, for: ReleaseKey(round: most))
        #expect(!next.fitsBudget && next.epsilon > 4)
        #expect(throws: AccountingError.budgetExceeded(epsilon: next.epsilon, budget: 4)) {
            try ledger.spend(Self.round, for: ReleaseKey(round: most))
        }
        #expect(ledger.entries.count == most)
        #expect(try ledger.spent() == spent)
    }

    @Test func asksWithoutSpending() throws {
        var ledger = try Self.ledger()
        let asked = try ledger.wouldSpend(Self.round, for: ReleaseKey(round: 0))
        #expect(ledger.entries.isEmpty)
        #expect(try ledger.spent().epsilon == 0)
        #expect(try ledger.spend(Self.round, for: ReleaseKey(round: 0)) == asked)
        #expect(try ledger.spent() == asked)
    }

    @Test(arguments: Accountant.allCases)
    func restartNeitherForgetsNorDoubleCounts(_ accountant: Accountant) throws {
        var ledger = try Self.ledger(accountant)
        for round in 0..<12 { try ledger.spend(Self.round, for: ReleaseKey(round: round)) }
        var copy = try Self.restarted(ledger)
        #expect(copy == ledger)
        let before = try ledger.spent()
        #expect(try copy.spent() == before)
        #expect(try copy.spend(Self.round, for: ReleaseKey(round: 11)) == before)
        #expect(copy.entries.count == 12)
        #expect(
            try copy.spend(Self.round, for: ReleaseKey(round: 12))
                == ledger.spend(Self.round, for: ReleaseKey(round: 12)))
    }

    @Test func anotherAttemptIsAnotherRelease() throws {
        var ledger = try Self.ledger()
        let first = try ledger.spend(Self.round, for: ReleaseKey(round: 3))
        let second = try ledger.spend(Self.round, for: ReleaseKey(round: 3, attempt: 1))
        #expect(second.epsilon > first.epsilon)
    }

    @Test func anotherMechanismUnderOneKeyIsRefused() throws {
        var ledger = try Self.ledger()
        let key = ReleaseKey(round: 3)
        try ledger.spend(Self.round, for: key)
        let other = PrivacyMechanism.gaussian(noiseMultiplier: 2, samplingRate: 0.1)
        #expect(throws: AccountingError.conflictingRelease(key)) { try ledger.spend(other, for: key) }
        #expect(ledger.entries[key] == Self.round)
    }

    @Test func equalLedgersGiveEqualBytes() throws {
        var (up, down) = (try Self.ledger(), try Self.ledger())
        for round in 0..<9 {
            try up.spend(Self.round, for: ReleaseKey(round: round))
            try down.spend(Self.round, for: ReleaseKey(round: 8 - round))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(up) == encoder.encode(down))
    }

    @Test(arguments: [
        #"{"budget":{"epsilon":-1,"delta":1e-5},"accountant":"rdp","entries":[]}"#,
        #"{"budget":{"epsilon":1,"delta":2},"accountant":"rdp","entries":[]}"#,
        #"{"budget":{"epsilon":1,"delta":1e-5},"accountant":"none","entries":[]}"#,
        #"{"budget":{"epsilon":1,"delta":1e-5},"accountant":"rdp","entries":[{"key":{"round":0,"attempt":0},"mechanism":{"tree":{"noiseMultiplier":-1,"leafCount":2}}}]}"#,
        #"{"budget":{"epsilon":1,"delta":1e-5},"accountant":"rdp","entries":[{"key":{"round":0,"attempt":0},"mechanism":{"zeroConcentrated":{"rho":0.1}}},{"key":{"round":0,"attempt":0},"mechanism":{"zeroConcentrated":{"rho":0.1}}}]}"#,
    ])
    func refusesDamagedState(_ json: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(PrivacyLedger.self, from: Data(json.utf8))
        }
    }
}
