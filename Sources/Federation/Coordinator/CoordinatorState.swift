/// Where a coordinator begins: afresh, or from what was stored.
public struct CoordinatorState: Hashable, Sendable {
    /// Who belongs to the federation.
    public var roster: Roster
    /// The newest published version; nil: none, begin with version 0.
    public var record: CoordinatorRecord?
    /// The newest attempt that was journalled; nil: none.
    public var attempt: RoundAttempt?
    /// Every release of noisy data so far, in any order.
    public var releases: [PrivacyRelease] = []

    /// A federation that has not begun.
    public init(roster: Roster) { self.roster = roster }

    /// A federation that goes on.
    ///
    /// - Parameters:
    ///   - record: the newest one persisted, nil if there is none.
    ///   - attempt: the newest one journalled, nil if there is none.
    ///   - releases: all that were ever persisted.
    public init(
        restoring record: CoordinatorRecord?, attempt: RoundAttempt?, roster: Roster, releases: [PrivacyRelease] = []
    ) {
        self.roster = roster
        self.record = record
        self.attempt = attempt
        self.releases = releases
    }
}
