/// Keeps the updates of a round for the rules that need all of them.
struct UpdateCollector: Sendable {
    private let settings: AggregationSettings
    private var updates: [(client: Int, values: [Float])] = []

    /// Nil for rules that do with the sum.
    init?(_ settings: AggregationSettings, updateCount: Int) {
        guard settings.needsAllUpdates else { return nil }
        self.settings = settings
        updates.reserveCapacity(updateCount)
    }

    /// Takes one update, after it has passed all checks.
    mutating func add(_ values: [Float], client: Int) { updates.append((client, values)) }

    /// One update made of all, in the order of clients and so the same for any order of arrival.
    ///
    /// - Throws: `FederationError.aggregation` when too few updates came for the rule.
    func combined() throws(FederationError) -> [Float] {
        let rows = updates.sorted { $0.client < $1.client }.map(\.values)
        guard !rows.isEmpty else { throw .aggregation("there are none") }
        let hostile = Int((settings.hostileFraction * Double(rows.count)).rounded(.up))
        switch settings.rule {
        case .mean, .normBound, .median: return RobustRules.median(rows)
        case .trimmedMean:
            try require(rows.count, atLeast: 2 * hostile + 1)
            return RobustRules.trimmedMean(rows, trimmed: hostile)
        case .krum:
            try require(rows.count, atLeast: 2 * hostile + 3)
            return rows[RobustRules.krum(rows, hostile: hostile, kept: 1)[0]]
        case .multiKrum:
            try require(rows.count, atLeast: 2 * hostile + 3)
            let kept = RobustRules.krum(rows, hostile: hostile, kept: rows.count - hostile - 2).sorted()
            return RobustRules.trimmedMean(kept.map { rows[$0] }, trimmed: 0)
        }
    }

    private func require(_ count: Int, atLeast needed: Int) throws(FederationError) {
        guard count >= needed else {
            throw .aggregation("\(settings.rule.rawValue) needs \(needed) of them, but \(count) came; raise the quorum")
        }
    }
}
