import Privacy

/// One release of noisy data: what an accountant needs to know of it for ever, and what the next round goes on from.
public struct PrivacyRelease: Hashable, Codable, Sendable {
    /// Names the release: the round and the attempt that made it.
    public var key: ReleaseKey
    /// Under which key it is spent: its own, or that of the first round of its tree, which pays for all of it.
    public var ledgerKey: ReleaseKey
    /// What was released under the ledger key.
    public var mechanism: PrivacyMechanism
    /// ε of the run, this release included.
    public var epsilon: Double
    /// δ at which it holds.
    public var delta: Double
    /// L2 norm that updates were clipped to.
    public var clip: Double
    /// The same for the next round.
    public var nextClip: Double

    /// Round of the run.
    public var round: Int { key.round }
    /// The attempt at the round that was released.
    public var attempt: Int { key.attempt }

    /// Makes the value from its fields.
    public init(
        key: ReleaseKey, ledgerKey: ReleaseKey, mechanism: PrivacyMechanism, epsilon: Double, delta: Double,
        clip: Double, nextClip: Double
    ) {
        self.key = key
        self.ledgerKey = ledgerKey
        self.mechanism = mechanism
        self.epsilon = epsilon
        self.delta = delta
        self.clip = clip
        self.nextClip = nextClip
    }
}
