/// A run that releases one mechanism again and again, looked at before it starts.
///
/// Any one of ε, noise and number of releases follows from the other two.
public struct PrivacyPlan: Hashable, Codable, Sendable {
    /// What each round releases; for `.tree`, what each tree does.
    public var mechanism: PrivacyMechanism
    /// Number of releases: rounds, or trees; at least 0.
    public var rounds: Int
    /// The δ at which ε is stated; in (0, 1), and well below one over the number of clients.
    public var delta: Double
    /// How losses are added up.
    public var accountant: Accountant
    /// How the pld accountant puts losses on its grid.
    public var rounding = LossRounding.connectingDots

    /// The most rounds that `rounds(for:)` looks at.
    public static let maximumRounds = 1 << 30
    /// The noise multipliers that `noise(for:)` looks at.
    public static let noiseRange = 0.01...1e6

    /// A plan; the accountant is the tightest that knows the mechanism unless one is named.
    public init(mechanism: PrivacyMechanism, rounds: Int, delta: Double, accountant: Accountant? = nil) {
        self.mechanism = mechanism
        self.rounds = rounds
        self.delta = delta
        self.accountant = accountant ?? mechanism.tightestAccountant
    }

    /// ε after all rounds. Throws what `PrivacyComposition` throws.
    public func epsilon() throws(AccountingError) -> Double {
        var composition = PrivacyComposition(accountant: accountant, rounding: rounding)
        try composition.compose(ComposedMechanism(mechanism, count: rounds))
        return try composition.epsilon(delta: delta)
    }

    /// The least noise multiplier, to 10⁻⁵ of itself, with which the whole plan stays at or below `epsilon`.
    ///
    /// What it returns was evaluated, so `with(noiseMultiplier:)` of it never exceeds `epsilon`. Throws `.unreachable`
    /// if all noise in `noiseRange` is too little, as for a δ below what rounding alone costs.
    public func noise(for epsilon: Double) throws(AccountingError) -> Double {
        try AccountingError.require(epsilon > 0 && epsilon.isFinite, "epsilon", epsilon, "above 0")
        let guess = accountant == .pld && mechanism.isAnalysed(by: .rdp) ? try coarseNoise(for: epsilon) : 1
        let least = try ScalarSearch.leastArgument(
            meeting: epsilon, guess: guess, range: Self.noiseRange, tolerance: 1e-5
        ) { noise throws(AccountingError) in try with(noiseMultiplier: noise).epsilon() }
        guard let least else {
            let lowest = try with(noiseMultiplier: Self.noiseRange.upperBound).epsilon()
            throw .unreachable(target: epsilon, lowest: lowest)
        }
        return least
    }

    /// The most rounds that stay at or below `epsilon`; 0 if even one is too much.
    public func rounds(for epsilon: Double) throws(AccountingError) -> Int {
        try AccountingError.require(epsilon >= 0 && epsilon.isFinite, "epsilon", epsilon, "at least 0")
        var within = 0
        var over = 1
        while try with(rounds: over).epsilon() <= epsilon {
            within = over
            guard over < Self.maximumRounds else { return over }
            over *= 2
        }
        while over - within > 1 {
            let middle = (within + over) / 2
            if try with(rounds: middle).epsilon() <= epsilon { within = middle } else { over = middle }
        }
        return within
    }

    /// The same plan with another noise multiplier.
    public func with(noiseMultiplier: Double) -> PrivacyPlan {
        var plan = self
        plan.mechanism = mechanism.with(noiseMultiplier: noiseMultiplier)
        return plan
    }

    /// The same plan with another number of rounds.
    public func with(rounds: Int) -> PrivacyPlan {
        var plan = self
        plan.rounds = rounds
        return plan
    }

    /// Where to start a search with the slow accountant: a little below the noise that the fast one asks for.
    private func coarseNoise(for epsilon: Double) throws(AccountingError) -> Double {
        var coarse = self
        coarse.accountant = .rdp
        let least = try ScalarSearch.leastArgument(
            meeting: epsilon, guess: 1, range: Self.noiseRange, tolerance: 1e-2
        ) { noise throws(AccountingError) in try coarse.with(noiseMultiplier: noise).epsilon() }
        return (least ?? 1) * 0.95
    }
}

extension PrivacyMechanism {
    func isAnalysed(by accountant: Accountant) -> Bool {
        switch (accountant, self) {
        case (.rdp, .gaussianTruncatedPoisson): false
        case (.rdp, _): true
        case (.pld, _): tightestAccountant == .pld
        }
    }
}
