/// Rounds that do not wait for their slowest clients: buffered asynchronous aggregation (FedBuff, Nguyen et al. 2022,
/// arXiv:2106.06639).
///
/// As many clients as the cohort has train at any time, each from the version it was given. A new version is made of
/// every `size` updates, and a client whose update is in goes on with the newest version when it is drawn again. No
/// client has two updates in one version.
public struct BufferedRounds: Hashable, Codable, Sendable {
    /// Updates after which a new version is made, 1 or more, at most the cohort.
    public var size: Int
    /// Versions that an update may be behind the newest; older ones do not count. 0 or more.
    public var maximumStaleness: Int

    /// Makes the value from its fields.
    public init(size: Int, maximumStaleness: Int = 10) {
        self.size = size
        self.maximumStaleness = maximumStaleness
    }

    /// What an update is multiplied by that is so many versions behind: `1 / √(1 + staleness)` (ibid., section 5).
    ///
    /// Every step of it is correctly rounded, so it is the same everywhere.
    static func discount(staleness: Int) -> Float { 1 / Float(1 + staleness).squareRoot() }

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    func validate(cohort: CohortSize, isPrivate: Bool) throws(FederationError) {
        switch cohort {
        case .all: break
        case .count(let count):
            guard size <= count else { throw .invalidSetting("buffered.size", allowed: "the cohort or less") }
        case .poisson, .dealt: throw .invalidSetting("cohort", allowed: "a count or all, with buffered rounds")
        }
        guard size >= 1 else { throw .invalidSetting("buffered.size", allowed: "1 or more") }
        guard (0...1000).contains(maximumStaleness) else {
            throw .invalidSetting("buffered.maximum_staleness", allowed: "0 to 1000")
        }
        guard !isPrivate else {
            throw .invalidSetting("buffered", allowed: "none with differential privacy, which counts whole cohorts")
        }
    }
}
