import Foundation

/// A planned run with everything about its privacy filled in. Encodes to the JSON of `epsilon --json`.
public struct EpsilonAnswer: Hashable, Codable, Sendable {
    /// What an `EpsilonQuery` left open.
    public enum Unknown: String, Hashable, Codable, Sendable {
        /// ε from noise and rounds.
        case epsilon
        /// The least noise for a target ε.
        case noiseMultiplier = "noise_multiplier"
        /// The most rounds for a target ε.
        case rounds
    }

    /// Name of the mechanism.
    public let mechanism: String
    /// Who added up.
    public let accountant: Accountant
    /// What was solved for.
    public let solvedFor: Unknown
    /// ε of the whole run; nil in place of an infinite one.
    public let epsilon: Double?
    /// δ at which it holds.
    public let delta: Double
    /// Deviation of the noise over the clip.
    public let noiseMultiplier: Double
    /// Probability that a client takes part in a round.
    public let samplingRate: Double
    /// Rounds; for a tree, its leaves.
    public let rounds: Int
    /// Order of the Rényi divergence that gave ε, with the rdp accountant.
    public let order: Double?
    /// How much rounding grows the sensitivity, for distributed noise.
    public let roundingInflation: Double?

    private enum CodingKeys: String, CodingKey {
        case mechanism, accountant, epsilon, delta, rounds, order
        case solvedFor = "solved_for"
        case noiseMultiplier = "noise_multiplier"
        case samplingRate = "sampling_rate"
        case roundingInflation = "rounding_inflation"
    }

    init(
        plan: PrivacyPlan, noiseMultiplier: Double, samplingRate: Double, rounds: Int, solvedFor: Unknown
    ) throws(AccountingError) {
        let epsilon = try plan.epsilon()
        mechanism = plan.mechanism.name
        accountant = plan.accountant
        self.solvedFor = solvedFor
        self.epsilon = epsilon.isFinite ? epsilon : nil
        delta = plan.delta
        self.noiseMultiplier = noiseMultiplier
        self.samplingRate = samplingRate
        self.rounds = rounds
        order = plan.accountant == .rdp ? try Self.order(of: plan) : nil
        roundingInflation =
            switch plan.mechanism {
            case .distributedSkellam(let noise, _), .distributedDiscreteGaussian(let noise, _): noise.roundingInflation
            default: nil
            }
    }

    private static func order(of plan: PrivacyPlan) throws(AccountingError) -> Double {
        var composition = PrivacyComposition(accountant: .rdp)
        try composition.compose(ComposedMechanism(plan.mechanism, count: plan.rounds))
        return try composition.curve().epsilon(delta: plan.delta).order
    }

    /// The answer as lines for a terminal, the solved value first.
    public var lines: [String] {
        let shown = epsilon.map { String(format: "%.6g", $0) } ?? "unbounded"
        let values = [
            (Unknown.epsilon, "epsilon           \(shown) at delta \(String(format: "%g", delta))"),
            (.noiseMultiplier, "noise multiplier  \(String(format: "%.6g", noiseMultiplier))"),
            (.rounds, "rounds            \(rounds)"),
        ]
        var lines = values.filter { $0.0 == solvedFor }.map(\.1) + values.filter { $0.0 != solvedFor }.map(\.1)
        lines.append("sampling rate     \(String(format: "%g", samplingRate))")
        let basis = order.map { ", order \(String(format: "%g", $0))" } ?? ""
        lines.append("mechanism         \(mechanism), by the \(accountant.rawValue) accountant\(basis)")
        if let roundingInflation {
            lines.append("rounding          sensitivity \(String(format: "%.6g", roundingInflation)) times the clip")
        }
        return lines
    }
}
