/// Releases and the accountant that adds them up: ε(δ) and δ(ε) of everything composed so far.
public struct PrivacyComposition: Sendable {
    /// How losses are added up.
    public let accountant: Accountant
    /// What was composed, equal mechanisms merged.
    public private(set) var releases: [ComposedMechanism] = []
    private var losses: PrivacyLossAccountant

    /// The composition of no releases. `spacing` and `rounding` are those of `PrivacyLossAccountant`, which alone uses
    /// them.
    public init(
        accountant: Accountant, spacing: Double = PrivacyLossAccountant.defaultSpacing,
        rounding: LossRounding = .connectingDots
    ) {
        self.accountant = accountant
        losses = PrivacyLossAccountant(spacing: spacing, rounding: rounding)
    }

    /// Adds a release. Throws `.invalidParameter`, or `.unsupported` if the accountant cannot analyse it.
    public mutating func compose(_ release: ComposedMechanism) throws(AccountingError) {
        try release.validate()
        switch accountant {
        case .pld: try losses.compose(release)
        case .rdp: _ = try RenyiDivergence(of: release.mechanism)
        }
        if let index = releases.firstIndex(where: { $0.mechanism == release.mechanism }) {
            releases[index].count += release.count
        } else {
            releases.append(release)
        }
    }

    /// The ε of (ε, δ)-DP; infinite if there is none. δ in (0, 1).
    public mutating func epsilon(delta: Double) throws(AccountingError) -> Double {
        try AccountingError.require(delta > 0 && delta < 1, "delta", delta, "in (0, 1)")
        switch accountant {
        case .pld: return try losses.epsilon(delta: delta)
        case .rdp: return try curve().epsilon(delta: delta).epsilon
        }
    }

    /// The δ of (ε, δ)-DP. ε is at least 0.
    public mutating func delta(epsilon: Double) throws(AccountingError) -> Double {
        try AccountingError.require(epsilon >= 0 && epsilon.isFinite, "epsilon", epsilon, "at least 0")
        switch accountant {
        case .pld: return try losses.delta(epsilon: epsilon)
        case .rdp: return try curve().delta(epsilon: epsilon).delta
        }
    }

    /// The Rényi curve of all releases, at `RenyiCurve.integerOrders` as soon as one of them is bounded there alone.
    public func curve() throws(AccountingError) -> RenyiCurve {
        let integral = releases.contains { $0.mechanism.isBoundedAtIntegerOrders }
        var curve = RenyiCurve(orders: integral ? RenyiCurve.integerOrders : RenyiCurve.standardOrders)
        for release in releases { try curve.compose(release) }
        return curve
    }
}

extension PrivacyMechanism {
    /// Whether the Rényi bound of the mechanism holds at integer orders alone.
    var isBoundedAtIntegerOrders: Bool {
        switch self {
        case .scalarDiscreteGaussian, .scalarSkellam, .distributedDiscreteGaussian, .distributedSkellam: true
        default: false
        }
    }
}
