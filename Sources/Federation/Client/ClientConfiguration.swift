import Messages

/// What a client is started with.
public struct ClientConfiguration: Hashable, Sendable {
    /// The coordinator's Ed25519 key; announcements that it did not sign are declined.
    public var coordinatorIdentity: PublicKeyBytes
    /// Local training samples; with 0 the client declines every round.
    public var sampleCount: Int
    /// Name of a device profile, may be empty.
    public var deviceProfile: String
    /// A message that is not answered for this long is sent again.
    public var retransmission: Duration
    /// The Ed25519 key that signs rosters; masked rounds are refused unless it has signed who takes part. Nil: the
    /// coordinator is trusted with the roster.
    public var rootKey: PublicKeyBytes?
    /// Smallest cohort that the client hides among in the masked lane, 3 or more.
    public var minimumCohort: Int

    /// Makes the value from its fields.
    public init(
        coordinatorIdentity: PublicKeyBytes, sampleCount: Int, deviceProfile: String = "",
        retransmission: Duration = .seconds(30), minimumCohort: Int = 3, rootKey: PublicKeyBytes? = nil
    ) {
        self.rootKey = rootKey
        self.minimumCohort = minimumCohort
        self.coordinatorIdentity = coordinatorIdentity
        self.sampleCount = sampleCount
        self.deviceProfile = deviceProfile
        self.retransmission = retransmission
    }
}
