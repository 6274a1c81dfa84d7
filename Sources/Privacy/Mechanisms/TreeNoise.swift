/// Noise for the running sum of a fixed number of rounds by a binary tree, the aggregation of DP-FTRL: Kairouz et al.
/// 2021 (arXiv:2103.00039), Algorithm 1 and appendix D.
///
/// Every node of the tree carries Gaussian noise, and the sum of the first t rounds has that of the ⌈log₂ t⌉ nodes at
/// most that make it up. No sampling is needed, but a client may be in one round of the tree only. What a round adds
/// is the difference of two running sums; any step of the server on it is post-processing.
public struct TreeNoise: Hashable, Sendable {
    /// A node: `index` counts from 1 over the nodes of its level; level 0 are the rounds.
    public struct Node: Hashable, Sendable {
        /// Height over the rounds.
        public let level: Int
        /// Position within the level, from 1.
        public let index: Int

        /// Makes the value from its fields.
        public init(level: Int, index: Int) {
            self.level = level
            self.index = index
        }
    }

    /// Noise of one node.
    public let noise: CentralNoise

    /// A tree whose nodes carry this noise.
    public init(noise: CentralNoise) { self.noise = noise }

    /// The node that the running sum gains at a round, and those that it replaces.
    ///
    /// - Parameter round: of the tree, from 1.
    public static func change(at round: Int) -> (added: Node, removed: [Node]) {
        precondition(round >= 1, "the rounds of a tree count from 1")
        let level = round.trailingZeroBitCount
        let removed = (0..<level).map { Node(level: $0, index: (round >> $0) - 1) }
        return (Node(level: level, index: round >> level), removed)
    }

    /// What a round adds to the noise of the running sum.
    ///
    /// - Parameters:
    ///   - round: of the tree, from 1.
    ///   - generator: random bits of a node, the same ones whenever it is asked for the same node, unknown to everybody
    ///     but the coordinator.
    public func increment<Generator: RandomNumberGenerator>(
        at round: Int, count: Int, generator: (Node) -> Generator
    ) -> [Int64] {
        let change = Self.change(at: round)
        var random = generator(change.added)
        var sum = noise.draw(count, using: &random)
        for node in change.removed {
            var random = generator(node)
            for index in sum.indices { sum[index] -= noise.gaussian.sample(using: &random) }
        }
        return sum
    }
}
