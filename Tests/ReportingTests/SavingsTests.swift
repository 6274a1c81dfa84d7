import Reporting
import Testing

struct SavingsTests {
    @Test func comparesEachArmAtItsOwnFirstRoundOnTarget() throws {
        let savings = try #require(ExampleRun.summary.savings.first)
        #expect(ExampleRun.summary.savings.count == 1)
        // float32 is there after two rounds, int8 after three.
        #expect(savings.upFactor == 5_600_000.0 / 2_100_000)
        #expect(savings.downFactor == 5_602_000.0 / 2_103_000)
        #expect(savings.totalFactor == 11_202_000.0 / 4_203_000)
        #expect(savings.arm == "int8" && savings.versus == "float32")
    }

    @Test func anArmThatMissesTheTargetHasNoFactor() throws {
        let savings = try #require(Savings.measure(ExampleRun.arms, targetAccuracy: 0.99).first)
        #expect(savings.upFactor == nil && savings.downFactor == nil && savings.totalFactor == nil)
    }

    @Test func reachingMeansEqualOrBetter() {
        let arm = ExampleRun.arm("a", logs: [ExampleRun.log(1, 0.5, bytes: 1), ExampleRun.log(2, 0.5, bytes: 1)])
        #expect(arm.cost(ofReaching: 0.4975)?.round == 1)
        #expect(arm.cost(ofReaching: 0.4976) == nil)
    }

    @Test func withoutTargetOrSecondArmThereIsNothingToCompare() {
        #expect(Savings.measure(ExampleRun.arms, targetAccuracy: nil).isEmpty)
        #expect(Savings.measure([ExampleRun.arms[0]], targetAccuracy: 0.5).isEmpty)
        #expect(Savings.measure([], targetAccuracy: 0.5).isEmpty)
    }
}
