/// What can be wrong when a privacy loss is computed or spent.
public enum AccountingError: Error, Hashable, Sendable {
    /// A parameter is out of its range; `requirement` says what it must be.
    case invalidParameter(name: String, value: Double, requirement: String)
    /// The accountant has no sound analysis of the mechanism; the other one has.
    case unsupported(mechanism: String, accountant: Accountant)
    /// The distribution of the privacy loss would need more cells than `PrivacyLossAccountant.maximumCellCount`.
    case lossTooWide(cells: Double)
    /// No noise multiplier or number of rounds within the searched range meets the target.
    case unreachable(target: Double, lowest: Double)
    /// Releasing would take the run over its budget. Nothing was recorded.
    case budgetExceeded(epsilon: Double, budget: Double)
    /// The ledger already holds other mechanisms under this key. A second release needs an attempt of its own.
    case conflictingRelease(ReleaseKey)
    /// A name on the command line is not known; `known` lists those that are.
    case unknownName(option: String, value: String, known: [String])
    /// The mechanism needs an option that was not given.
    case missingOption(String)
}

extension AccountingError: CustomStringConvertible {
    /// One sentence: what was wrong, and what to do.
    public var description: String {
        switch self {
        case .invalidParameter(let name, let value, let requirement): "\(name) is \(value); it must be \(requirement)"
        case .unsupported(let mechanism, let accountant):
            "the \(accountant.rawValue) accountant cannot analyse \(mechanism); use another accountant"
        case .lossTooWide(let cells): "the privacy loss spans \(cells) cells; add noise, or use the rdp accountant"
        case .unreachable(let target, let lowest):
            "epsilon \(target) cannot be met, the lowest reached is \(lowest); lower the rounds or raise delta"
        case .budgetExceeded(let epsilon, let budget):
            "the release would take epsilon to \(epsilon), over the budget of \(budget); it is refused"
        case .conflictingRelease(let key):
            "round \(key.round), attempt \(key.attempt) is already in the ledger with other noise; use a new attempt"
        case .unknownName(let option, let value, let known):
            "\(option) \(value) is not known; use one of \(known.joined(separator: ", "))"
        case .missingOption(let option): "\(option) is needed for this mechanism"
        }
    }
}

extension AccountingError {
    /// Throws unless `holds`; NaN never holds, because every range is written as a comparison.
    static func require(
        _ holds: Bool, _ name: String, _ value: Double, _ requirement: String
    ) throws(AccountingError) {
        if !holds { throw .invalidParameter(name: name, value: value, requirement: requirement) }
    }
}
