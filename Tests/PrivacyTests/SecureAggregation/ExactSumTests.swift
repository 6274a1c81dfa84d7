import Privacy
import Tensors
import Testing

struct ExactSumTests {
    @Test(arguments: 3...8)
    func sumIsExactForEveryDropoutSubset(count: Int) throws {
        let seed = Seed(11).derived("subsets", count)
        let needed = MaskingThreshold.choice(clients: count).threshold
        let fresh = try MaskingFixture(count: count, seed: seed)
        var ready = fresh
        try ready.advertise()
        try ready.deal()
        var uploaded = ready
        try uploaded.upload(seed: seed)
        for subset in 1..<(1 << count) {
            let gone = Set((0..<count).filter { subset >> $0 & 1 == 1 }.map { 3 * $0 })
            let left = count - gone.count
            // Vanished before the keys: a smaller session of its own threshold.
            if left >= 3, count <= 6 { try finish(fresh, count: left) { try $0.advertise(without: gone) } }
            // Vanished before dealing, before uploading, before revealing.
            try check(ready: fresh, isEnough: left >= needed, left: left, seed: seed) {
                try $0.advertise()
                try $0.deal(without: gone)
                try $0.upload(seed: seed)
                try $0.reveal()
            } unlessLarge: {
                count > 6
            }
            try check(ready: ready, isEnough: left >= needed, left: left, seed: seed) {
                try $0.upload(without: gone, seed: seed)
                try $0.reveal()
            }
            try check(ready: uploaded, isEnough: left >= needed, left: count, seed: seed) {
                try $0.reveal(without: gone)
            }
        }
    }

    private func finish(_ start: MaskingFixture, count: Int, _ begin: (inout MaskingFixture) throws -> Void) throws {
        var fixture = start
        try begin(&fixture)
        try fixture.deal()
        try fixture.upload(seed: Seed(5))
        try fixture.reveal()
        let outcome = try fixture.coordinator.unmask()
        #expect(outcome.sum == fixture.expected)
        #expect(outcome.clients.count == count)
    }

    private func check(
        ready: MaskingFixture, isEnough: Bool, left: Int, seed: Seed,
        _ steps: (inout MaskingFixture) throws -> Void, unlessLarge isSkipped: () -> Bool = { false }
    ) throws {
        if isSkipped() { return }
        var fixture = ready
        guard isEnough else {
            #expect(throws: MaskingError.self, "seed \(seed)") {
                try steps(&fixture)
                _ = try fixture.coordinator.unmask()
            }
            return
        }
        try steps(&fixture)
        #expect(fixture.coordinator.canUnmask)
        let outcome = try fixture.coordinator.unmask()
        #expect(outcome.sum == fixture.expected, "seed \(seed)")
        #expect(outcome.clients.count == left)
        #expect(outcome.corrupt.isEmpty)
    }

    @Test(arguments: [100, 1000])
    func sumIsExactForRandomDropouts(count: Int) throws {
        let seed = Seed(12).derived("random", count)
        var random = SeededRandom(seed)
        var fixture = try MaskingFixture(count: count, seed: seed)
        func some(_ share: Double) -> Set<Int> { Set(fixture.numbers.filter { _ in random.unitDouble() < share }) }
        let (first, second, third, fourth) = (some(0.02), some(0.03), some(0.05), some(0.03))
        try fixture.advertise(without: first, count: 513)
        try fixture.deal(without: second)
        try fixture.upload(without: third, seed: seed)
        try fixture.reveal(without: fourth)
        let outcome = try fixture.coordinator.unmask()
        #expect(outcome.sum == fixture.expected, "seed \(seed)")
        #expect(outcome.clients == fixture.values.keys.sorted())
    }

    /// Noise goes into the sum as it is, and over the end of the numbers it wraps.
    @Test(arguments: [Int32(0), 5, 40, 1000]) func noiseOfClientsIsInTheSum(noise: Int32) throws {
        var fixture = try MaskingFixture(count: 4, seed: Seed(13))
        try fixture.advertise(magnitude: 31)
        try fixture.deal()
        for number in fixture.numbers {
            let values = (0..<20).map { Int32($0) - 10 }
            let client = try #require(fixture.clients[number])
            #expect(throws: MaskingError.self) { try client.mask(values, noise: [1]) }
            let upload = try client.mask(values, noise: [Int32](repeating: noise, count: 20))
            try fixture.coordinator.add(upload: upload.bytes, from: number)
            fixture.values[number] = values
        }
        try fixture.reveal()
        let session = try #require(fixture.coordinator.session)
        let modulus = Int32(1) << Int32(session.bits)
        let sum = try fixture.coordinator.unmask().sum
        #expect(zip(sum, fixture.expected).allSatisfy { ($0 - $1 - 4 * noise) % modulus == 0 })
        #expect(noise > 31 || zip(sum, fixture.expected).allSatisfy { $0 == $1 + 4 * noise })
    }
}
