/// What can be wrong with data that comes from outside: parameters, stored states, payloads.
public enum FederationError: Error, Hashable, Sendable {
    /// The parameters are not the canonical JSON of a federation; holds what was wrong.
    case invalidParameters(String)
    /// A setting is out of its range; holds its name and what is allowed.
    case invalidSetting(String, allowed: String)
    /// Stored bytes end too early, go on too long or hold an impossible value; holds the field.
    case damagedState(String)
    /// The checksum of stored bytes does not match.
    case checksumMismatch
    /// Stored bytes were written by another version of the format.
    case unknownStateVersion(UInt32)
    /// Stored bytes belong to a model of another shape.
    case shapeMismatch(expected: Int, actual: Int)
    /// An update holds NaN or infinity; `index` is its position.
    case notFinite(index: Int)
    /// A value of an update is too large for the accumulator; `index` is its position.
    case outOfRange(index: Int)
    /// A weight is below 1 or makes the sum of weights too large.
    case weightOutOfRange(Int)
    /// A key or a payload could not be used; holds the reason.
    case encryption(String)
    /// A model or an update could not be encoded or decoded; holds the reason.
    case codec(String)
    /// A release of noisy data is not possible; holds the reason.
    case privacy(String)
    /// Updates cannot be combined; holds the reason.
    case aggregation(String)
}

extension FederationError: CustomStringConvertible {
    /// What was wrong and what to do.
    public var description: String {
        switch self {
        case .invalidParameters(let what): "the federation's parameters cannot be read: \(what)"
        case .invalidSetting(let name, let allowed): "\(name) is out of range; allowed is \(allowed)"
        case .damagedState(let field): "the stored state is damaged at '\(field)'; restore a backup or start afresh"
        case .checksumMismatch: "the stored state does not match its checksum; restore a backup or start afresh"
        case .unknownStateVersion(let version):
            "the stored state has format version \(version), which this build does not know; use the build that wrote it"
        case .shapeMismatch(let expected, let actual):
            "the stored state has \(actual) parameters but the model has \(expected); use the model it was made with"
        case .notFinite(let index): "value \(index) is NaN or infinite; train with a smaller learning rate"
        case .outOfRange(let index): "value \(index) is too large to be added up; train with a smaller learning rate"
        case .weightOutOfRange(let weight): "a weight of \(weight) cannot be added up; use uniform weighting"
        case .encryption(let reason): "a key or payload is not usable: \(reason)"
        case .codec(let reason): "a model or update is not usable: \(reason)"
        case .privacy(let reason): "a private release is not possible: \(reason)"
        case .aggregation(let reason): "the updates cannot be combined: \(reason)"
        }
    }
}
