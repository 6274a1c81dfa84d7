import Federation
import Tensors
import Testing

struct RobustRulesTests {
    /// Honest updates around 1 in every coordinate, and then hostile ones.
    private static func updates(honest: Int, hostile: [Float], count: Int = 30) -> [[Float]] {
        var random = SeededRandom(Seed(5))
        return (0..<honest).map { _ in (0..<count).map { _ in 1 + 0.1 * Float(random.normal()) } }
            + hostile.map { [Float](repeating: $0, count: count) }
    }

    private static func distance(_ update: [Float]) -> Float { update.map { abs($0 - 1) }.max() ?? 0 }

    @Test(arguments: [1, 2, 3, 10, 11])
    func medianIsTheMiddleOfEveryCoordinate(count: Int) {
        var random = SeededRandom(Seed(UInt64(count)))
        let updates = (0..<count).map { _ in (0..<7).map { _ in random.unitFloat() } }
        let median = RobustRules.median(updates)
        for index in 0..<7 {
            let column = updates.map { $0[index] }.sorted()
            let expected = (Double(column[(count - 1) / 2]) + Double(column[count / 2])) / 2
            #expect(abs(Double(median[index]) - expected) < 1e-7)
        }
    }

    @Test func everyRuleWithstandsAFifthThatIsHostile() {
        let updates = Self.updates(honest: 8, hostile: [1000, -1000])
        #expect(Self.distance(RobustRules.median(updates)) < 0.3)
        #expect(Self.distance(RobustRules.trimmedMean(updates, trimmed: 2)) < 0.3)
        #expect(Self.distance(RobustRules.trimmedMean(updates, trimmed: 0)) < 0.5 + 1)
        let best = RobustRules.krum(updates, hostile: 2, kept: 6)
        #expect(best.allSatisfy { $0 < 8 } && Set(best).count == 6)
        let root = [Float](repeating: 0.9, count: 30)
        let trusted = RobustRules.trustWeightedMean(updates, root: root)
        #expect(Self.distance(trusted) < 0.4)
    }

    @Test func krumSeesThroughHostileOnesThatAgree() {
        let updates = Self.updates(honest: 8, hostile: [3, 3])
        #expect(RobustRules.krum(updates, hostile: 2, kept: 1)[0] < 8)
    }

    @Test func anUpdateAgainstTheRootIsNotTrusted() {
        let root: [Float] = [1, 0]
        #expect(RobustRules.trustWeightedMean([[-5, 0], [0, 0]], root: root) == [0, 0])
        #expect(RobustRules.trustWeightedMean([[-5, 0], [7, 0]], root: root) == [1, 0])
        #expect(RobustRules.trustWeightedMean([[1, 0]], root: [0, 0]) == [0, 0])
    }

    @Test func zeroUpdatesAreValid() {
        let zeros = [[Float]](repeating: [0, 0, 0], count: 5)
        #expect(RobustRules.median(zeros) == [0, 0, 0])
        #expect(RobustRules.trimmedMean(zeros, trimmed: 1) == [0, 0, 0])
        #expect(RobustRules.krum(zeros, hostile: 1, kept: 2) == [0, 1])
    }
}
