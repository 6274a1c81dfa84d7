/// Which pair of distributions an adversary has to tell apart.
enum Adjacency: CaseIterable, Sendable {
    /// P with the client, Q without.
    case remove
    /// P without the client, Q with.
    case add
}
