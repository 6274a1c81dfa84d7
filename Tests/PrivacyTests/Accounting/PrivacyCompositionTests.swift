import Foundation
import Privacy
import Testing

struct PrivacyCompositionTests {
    private static func epsilon(_ row: AccountingGolden, _ accountant: Accountant) throws -> Double {
        var composition = PrivacyComposition(accountant: accountant)
        try composition.compose(ComposedMechanism(row.mechanism, count: row.count))
        return try composition.epsilon(delta: row.delta)
    }

    @Test func goldenFileIsComplete() {
        #expect(AccountingGolden.all.count == 109)
    }

    @Test(arguments: AccountingGolden.rows("rdp"))
    func renyiMatchesReference(_ row: AccountingGolden) throws {
        let start = ContinuousClock.now
        let epsilon = try Self.epsilon(row, .rdp)
        print("RDP", row.testDescription, epsilon, epsilon / row.epsilon - 1, ContinuousClock.now - start)
        #expect(abs(epsilon / row.epsilon - 1) < 1e-6)
    }

    @Test(arguments: AccountingGolden.rows("pld"))
    func lossDistributionMatchesReference(_ row: AccountingGolden) throws {
        let start = ContinuousClock.now
        let epsilon = try Self.epsilon(row, .pld)
        print("PLD", row.testDescription, epsilon, epsilon / row.epsilon - 1, ContinuousClock.now - start)
        #expect(abs(epsilon / row.epsilon - 1) < 1e-3)
    }

    @Test(arguments: AccountingGolden.rows("exact"))
    func lossDistributionIsNeverBelowExact(_ row: AccountingGolden) throws {
        let epsilon = try Self.epsilon(row, .pld)
        print("EXACT", row.testDescription, epsilon, epsilon / row.epsilon - 1)
        #expect(epsilon >= row.epsilon)
        #expect(epsilon <= row.epsilon * (1 + 1e-9))
    }
}
