import Foundation

/// How many neighbours share a client's secrets, and how many of them reconstruct one.
public struct MaskingThreshold: Hashable, Sendable {
    /// Largest cohort in which everybody is everybody's neighbour.
    public static let completeLimit = 100
    /// Smallest and largest cohort of the masked lane.
    public static let clientRange = 3...1000

    /// Neighbours of a client, k.
    public let degree: Int
    /// Shares that reconstruct, t.
    public let threshold: Int

    /// Makes the value from its fields.
    public init(degree: Int, threshold: Int) {
        self.degree = degree
        self.threshold = threshold
    }

    /// Fewest shares that a client accepts among `holders` who hold one: ⌊2·holders/3⌋ + 1.
    ///
    /// With at most a third of the holders in league with the coordinator, two survivor lists then never both find
    /// enough shares.
    public static func floor(holders: Int) -> Int { 2 * holders / 3 + 1 }

    /// The choice for `clients` clients: all are neighbours up to 100; above, the smallest even k for which a t exists
    /// (Bell et al. 2020, section 3, doi:10.1145/3372297.3417885).
    ///
    /// Neighbours are drawn without replacement. With X corrupt and Y absent ones among k, secrecy needs k + X < 2t,
    /// as corrupt neighbours give away both kinds of shares, and unmasking needs k − Y ≥ t; the first fails for some
    /// client with a probability of at most 2^-40, the second with at most 2^-20.
    ///
    /// - Parameters:
    ///   - adversarial: share of clients in league with the coordinator, 0 up to 1/3.
    ///   - dropout: share of clients that vanish, 0 up to 1/3.
    public static func choice(clients: Int, adversarial: Double = 0.1, dropout: Double = 0.1) -> MaskingThreshold {
        guard clients > completeLimit else {
            return MaskingThreshold(degree: clients - 1, threshold: floor(holders: clients))
        }
        let others = clients - 1
        let corrupt = Int((adversarial * Double(clients)).rounded(.up))
        let absent = Int((dropout * Double(clients)).rounded(.up))
        for degree in stride(from: 4, to: others, by: 2) {
            let x = quantile(others, corrupt, degree, -40 - log2(Double(clients)))
            let y = quantile(others, absent, degree, -20 - log2(Double(clients)))
            let threshold = degree - y
            if 2 * threshold > degree + x, threshold >= floor(holders: degree + 1) {
                return MaskingThreshold(degree: degree, threshold: threshold)
            }
        }
        return MaskingThreshold(degree: others, threshold: floor(holders: clients))
    }

    /// The largest x that is reached with more than 2^logProbability: P[X > x] ≤ 2^logProbability, X hypergeometric.
    private static func quantile(_ population: Int, _ marked: Int, _ draws: Int, _ logProbability: Double) -> Int {
        func logChoose(_ n: Int, _ k: Int) -> Double {
            (lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))) / log(2)
        }
        var tail = 0.0
        for count in stride(from: min(marked, draws), through: 0, by: -1) {
            guard draws - count <= population - marked else { return count }
            let logTerm =
                logChoose(marked, count) + logChoose(population - marked, draws - count) - logChoose(population, draws)
            tail += exp2(logTerm)
            if tail > exp2(logProbability) { return count }
        }
        return 0
    }
}
