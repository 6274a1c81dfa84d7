/// How many clients are asked in a round.
public enum CohortSize: Hashable, Codable, Sendable {
    /// Every client that is connected.
    case all
    /// This many of those connected, 1 or more; fewer where fewer are there.
    case count(Int)
}
