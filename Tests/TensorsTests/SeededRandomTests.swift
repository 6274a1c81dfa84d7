import Tensors
import Testing

struct SeededRandomTests {
    @Test func sameSeedSameSequence() {
        var (a, b, c) = (SeededRandom(Seed(5)), SeededRandom(Seed(5)), SeededRandom(Seed(6)))
        let first = (0..<50).map { _ in a.next() }
        #expect(first == (0..<50).map { _ in b.next() })
        #expect(first != (0..<50).map { _ in c.next() })
    }

    @Test func derivedSeedsDifferByPurposeAndIndex() {
        let root = Seed(1)
        let seeds = [
            root, root.derived("a"), root.derived("b"), root.derived("a", 0), root.derived("a", 1),
            root.derived("a", 0, 1), root.derived("a", 1, 0), Seed(2).derived("a"),
        ]
        #expect(Set(seeds).count == seeds.count)
        #expect(root.derived("a", 3) == Seed(1).derived("a", 3))
    }

    @Test(arguments: [1, 2, 3, 7, 10, 1000])
    func boundedDrawsCoverTheirRangeEvenly(bound: Int) {
        var random = SeededRandom(Seed(UInt64(bound)))
        var counts = [Int](repeating: 0, count: bound)
        for _ in 0..<bound * 200 { counts[random.below(bound)] += 1 }
        #expect(counts.allSatisfy { (100...320).contains($0) })
    }

    @Test func shuffleKeepsTheElements() {
        for count in [0, 1, 2, 3, 100] {
            var random = SeededRandom(Seed(3))
            var elements = Array(0..<count)
            random.shuffle(&elements)
            #expect(elements.sorted() == Array(0..<count))
            #expect(count < 100 || elements != Array(0..<count))
        }
    }

    @Test func unitDrawsStayInRange() {
        var random = SeededRandom(Seed(4))
        for _ in 0..<1000 {
            #expect((0..<1).contains(random.unitFloat()))
            #expect((0..<1).contains(random.unitDouble()))
        }
    }

    @Test func normalDrawsHaveMeanZeroAndVarianceOne() {
        var random = SeededRandom(Seed(8))
        let draws = (0..<20_000).map { _ in random.normal() }
        let mean = draws.reduce(0, +) / 20_000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        #expect(abs(mean) < 0.03)
        #expect(abs(variance - 1) < 0.05)
    }
}
