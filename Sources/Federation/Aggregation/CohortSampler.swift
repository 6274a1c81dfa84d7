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
        guard case .count(let count) = size, count < numbers.count else { return numbers.sorted() }
        let ranked = numbers.map { (rank: seed.derived("client", $0).value, number: $0) }
        return ranked.sorted { ($0.rank, $0.number) < ($1.rank, $1.number) }.prefix(count).map(\.number).sorted()
    }
}
