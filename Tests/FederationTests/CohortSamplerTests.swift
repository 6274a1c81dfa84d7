import Federation
import Tensors
import Testing

struct CohortSamplerTests {
    @Test func drawDoesNotDependOnTheOrderOfConnections() {
        let numbers = Array(0..<100)
        var shuffled = numbers
        var random = SeededRandom(Seed(1))
        for seed in 0..<20 {
            random.shuffle(&shuffled)
            let seed = Seed(UInt64(seed))
            let drawn = CohortSampler.draw(.count(10), from: shuffled, seed: seed)
            #expect(drawn == CohortSampler.draw(.count(10), from: numbers, seed: seed))
            #expect(drawn.count == 10 && drawn == drawn.sorted() && Set(drawn).count == 10)
        }
    }

    @Test func poissonSampleHasEveryClientAtTheRate() {
        var random = SeededRandom(Seed(3))
        var counts = [Int](repeating: 0, count: 50)
        for _ in 0..<2000 {
            let drawn = CohortSampler.poisson(0.1, from: Array((0..<50).reversed()), using: &random)
            #expect(drawn == drawn.sorted())
            for number in drawn { counts[number] += 1 }
        }
        #expect(counts.allSatisfy { abs($0 - 200) < 70 }, "\(counts), seed 3")
        #expect(CohortSampler.poisson(1, from: [2, 1], using: &random) == [1, 2])
    }

    @Test func aDealAsksEveryClientOnceWhoeverElseIsThere() {
        let seed = Seed(4)
        let hands = (1...7).map { CohortSampler.dealt(7, from: Array(0..<100), round: $0, seed: seed) }
        #expect(hands.flatMap(\.self).sorted() == Array(0..<100))
        let fewer = CohortSampler.dealt(7, from: (0..<100).filter { $0 % 3 != 0 }, round: 2, seed: seed)
        #expect(fewer == hands[1].filter { $0 % 3 != 0 })
    }

    @Test func absentClientChangesOnePlaceAtMost() {
        for seed in 0..<50 {
            let all = CohortSampler.draw(.count(10), from: Array(0..<40), seed: Seed(UInt64(seed)))
            let fewer = CohortSampler.draw(.count(10), from: (0..<40).filter { $0 != 7 }, seed: Seed(UInt64(seed)))
            #expect(Set(all).symmetricDifference(fewer).count == (all.contains(7) ? 2 : 0))
        }
    }

    @Test func everyClientIsDrawnAboutEquallyOften() {
        var counts = [Int](repeating: 0, count: 20)
        for seed in 0..<2000 {
            for number in CohortSampler.draw(.count(5), from: Array(0..<20), seed: Seed(UInt64(seed))) {
                counts[number] += 1
            }
        }
        // 500 expected with a deviation of about 19.
        #expect(counts.allSatisfy { (400...600).contains($0) }, "\(counts)")
    }

    @Test(arguments: [0, 1, 3]) func smallPoolsAreTakenWhole(count: Int) {
        let numbers = Array((0..<count).reversed())
        #expect(CohortSampler.draw(.count(3), from: numbers, seed: Seed(1)) == numbers.sorted())
        #expect(CohortSampler.draw(.all, from: numbers, seed: Seed(1)) == numbers.sorted())
    }
}
