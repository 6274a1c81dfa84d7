/// How many updates a round needs to count.
public enum Quorum: Hashable, Codable, Sendable {
    /// This part of the cohort, above 0 and at most 1, rounded up.
    case fraction(Double)
    /// This many, 1 or more.
    case count(Int)

    /// Updates needed when `cohort` clients are asked; 1 or more.
    public func needed(of cohort: Int) -> Int {
        let wanted =
            switch self {
            case .fraction(let fraction): Int((fraction * Double(cohort)).rounded(.up))
            case .count(let count): count
            }
        return max(1, wanted)
    }
}
