import Tensors

/// Draws the clients of a round.
public enum CohortSampler {
    /// The numbers of the clients that are asked, ascending.
    ///
    /// Every client gets a random rank that depends on the seed and on its own number alone, and the lowest ranks are
    /// taken (rendezvous hashing): the draw does not depend on the order of connections, and a client that is absent
    /// changes one place only.
    ///
    /// - Parameters:
    ///   - numbers: the clients that are there, in any order.
    ///   - seed: that of this round.
    public static func draw(_ size: CohortSize, from numbers: [Int], seed: Seed) -> [Int] {
        if case .poisson(let rate) = size {
            return numbers.sorted().filter { number in
                var random = SeededRandom(seed.derived("client", number))
                return isDrawn(rate, using: &random)
            }
        }
        guard case .count(let count) = size, count < numbers.count else { return numbers.sorted() }
        let ranked = numbers.map { (rank: seed.derived("client", $0).value, number: $0) }
        return ranked.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.prefix(count).map(\.number).sorted()
    }

    /// Every client with probability `rate`, independently of the others; ascending.
    ///
    /// - Parameters:
    ///   - rate: 0...1, rounded down to a multiple of 2⁻⁶³.
    ///   - random: secret where the sample is to amplify privacy.
    public static func poisson(
        _ rate: Double, from numbers: [Int], using random: inout some RandomNumberGenerator
    ) -> [Int] {
        var cohort: [Int] = []
        for number in numbers.sorted() where isDrawn(rate, using: &random) { cohort.append(number) }
        return cohort
    }

    /// One hand of a deal: all clients are dealt out over `rounds` rounds, and each is in exactly one of them, whoever
    /// else is connected.
    ///
    /// - Parameters:
    ///   - round: counts from 1.
    ///   - seed: that of this deal.
    public static func dealt(_ rounds: Int, from numbers: [Int], round: Int, seed: Seed) -> [Int] {
        numbers.filter { number in
            Int(seed.derived("client", number).value % UInt64(rounds)) == (round - 1) % rounds
        }.sorted()
    }

    private static func isDrawn(_ rate: Double, using random: inout some RandomNumberGenerator) -> Bool {
        random.next() >> 1 < UInt64(rate * 0x1p63)
    }
}
