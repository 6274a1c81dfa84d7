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
