/// What a run has released and what it may still release.
///
/// Ask `wouldSpend` before a round is announced, call `spend` and persist the ledger before its noisy sum leaves the
/// coordinator. A release is known by its key: spending it again after a restart changes nothing, so nothing is lost
/// and nothing counted twice. A round that is run again with fresh noise is a release of its own, with its own attempt.
public struct PrivacyLedger: Sendable {
    /// ε and δ of a run, after the releases it speaks of.
    public struct Spending: Hashable, Codable, Sendable {
        /// ε after the release.
        public let epsilon: Double
        /// δ at which it holds.
        public let delta: Double
        /// Whether ε is within the budget.
        public let fitsBudget: Bool
    }

    /// The most that may be spent.
    public let budget: PrivacyBudget
    /// How losses are added up; fixed for the run.
    public let accountant: Accountant
    /// What was released under which key.
    public private(set) var entries: [ReleaseKey: PrivacyMechanism] = [:]

    private var composition: PrivacyComposition
    /// The last answer of `wouldSpend`, good until something is spent.
    private var preview: Preview?

    private struct Preview {
        let mechanism: PrivacyMechanism
        let composition: PrivacyComposition
        let spending: Spending
    }

    /// A ledger of a run that has released nothing.
    public init(budget: PrivacyBudget, accountant: Accountant = .pld) {
        self.budget = budget
        self.accountant = accountant
        composition = PrivacyComposition(accountant: accountant)
    }

    /// ε of everything released so far.
    public mutating func spent() throws(AccountingError) -> Spending {
        try spending(of: &composition)
    }

    /// What would be spent in all, were this released under `key`; the ledger's entries stay as they are.
    ///
    /// A key already spent with the same mechanism costs nothing more; with another mechanism it throws
    /// `.conflictingRelease`.
    public mutating func wouldSpend(
        _ mechanism: PrivacyMechanism, for key: ReleaseKey
    ) throws(AccountingError) -> Spending {
        if let entry = entries[key] {
            guard entry == mechanism else { throw .conflictingRelease(key) }
            return try spent()
        }
        return try preview(of: mechanism).spending
    }

    /// Records the release, or throws `.budgetExceeded` and records nothing. Returns what is spent in all.
    @discardableResult
    public mutating func spend(
        _ mechanism: PrivacyMechanism, for key: ReleaseKey
    ) throws(AccountingError) -> Spending {
        try AccountingError.require(key.round >= 0, "round", Double(key.round), "at least 0")
        try AccountingError.require(key.attempt >= 0, "attempt", Double(key.attempt), "at least 0")
        let result = try wouldSpend(mechanism, for: key)
        if entries[key] != nil { return result }
        guard result.fitsBudget else { throw .budgetExceeded(epsilon: result.epsilon, budget: budget.epsilon) }
        composition = try preview(of: mechanism).composition
        entries[key] = mechanism
        preview = nil
        return result
    }

    /// Takes in what was released before a restart, whether it fits the budget or not; repeats change nothing.
    ///
    /// Throws `.conflictingRelease` when the key holds another mechanism.
    public mutating func record(_ mechanism: PrivacyMechanism, for key: ReleaseKey) throws(AccountingError) {
        if let entry = entries[key] {
            guard entry == mechanism else { throw .conflictingRelease(key) }
            return
        }
        try composition.compose(ComposedMechanism(mechanism))
        entries[key] = mechanism
        preview = nil
    }

    private mutating func preview(of mechanism: PrivacyMechanism) throws(AccountingError) -> Preview {
        if let preview, preview.mechanism == mechanism { return preview }
        var next = composition
        try next.compose(ComposedMechanism(mechanism))
        // Computed first, because `next` keeps the discretized losses for the rounds to come.
        let after = try spending(of: &next)
        let result = Preview(mechanism: mechanism, composition: next, spending: after)
        preview = result
        return result
    }

    private func spending(of composition: inout PrivacyComposition) throws(AccountingError) -> Spending {
        let epsilon = try composition.epsilon(delta: budget.delta)
        return Spending(epsilon: epsilon, delta: budget.delta, fitsBudget: epsilon <= budget.epsilon)
    }
}

extension PrivacyLedger: Equatable {
    /// Two ledgers are equal if they hold the same entries under the same budget and accountant.
    public static func == (left: PrivacyLedger, right: PrivacyLedger) -> Bool {
        left.budget == right.budget && left.accountant == right.accountant && left.entries == right.entries
    }
}

extension PrivacyLedger: Codable {
    private enum CodingKeys: String, CodingKey {
        case budget, accountant, entries
    }

    private struct Entry: Codable {
        let key: ReleaseKey
        let mechanism: PrivacyMechanism
    }

    /// Throws a `DecodingError` for a key that occurs twice, `AccountingError` for a mechanism out of range or one that
    /// the accountant cannot analyse. Entries over the budget are kept: what was released stays released.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            budget: try values.decode(PrivacyBudget.self, forKey: .budget),
            accountant: try values.decode(Accountant.self, forKey: .accountant))
        for entry in try values.decode([Entry].self, forKey: .entries) {
            guard entries.updateValue(entry.mechanism, forKey: entry.key) == nil else {
                throw DecodingError.dataCorruptedError(
                    forKey: .entries, in: values,
                    debugDescription: "round \(entry.key.round), attempt \(entry.key.attempt) occurs twice")
            }
            try composition.compose(ComposedMechanism(entry.mechanism))
        }
    }

    /// Entries go out in the order of their keys, so that equal ledgers give equal bytes.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(budget, forKey: .budget)
        try values.encode(accountant, forKey: .accountant)
        let sorted = entries.sorted { $0.key < $1.key }.map { Entry(key: $0.key, mechanism: $0.value) }
        try values.encode(sorted, forKey: .entries)
    }
}
