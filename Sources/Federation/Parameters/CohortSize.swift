/// How many clients are asked in a round.
public enum CohortSize: Hashable, Codable, Sendable {
    /// Every client that is connected.
    case all
    /// This many of those connected, 1 or more; fewer where fewer are there.
    case count(Int)
    /// Every client that is connected with this probability, independently of the others; above 0, at most 1.
    case poisson(Double)
    /// All clients are dealt out over this many rounds, 1 or more, so that each is asked once; then they are dealt
    /// anew.
    case dealt(rounds: Int)

    /// Clients that are asked on average, of so many.
    public func expected(of clients: Int) -> Double {
        switch self {
        case .all: Double(clients)
        case .count(let count): Double(min(count, clients))
        case .poisson(let rate): rate * Double(clients)
        case .dealt(let rounds): Double(clients) / Double(rounds)
        }
    }
}
