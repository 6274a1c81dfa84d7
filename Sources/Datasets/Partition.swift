/// How the training samples are dealt to the clients, in the form of a scenario's `partition` key:
/// `iid`, `by-client-id`, `{shards: 2}` or `{dirichlet: 0.5}`.
public enum Partition: Hashable, Sendable {
    /// Shuffled and dealt evenly.
    case iid
    /// So many shards of one label (or two, where a shard spans a border) per client, at least 1
    /// (McMahan et al. 2017, arXiv:1602.05629, section 3).
    case shards(Int)
    /// Per class, shares drawn from a symmetric Dirichlet distribution of this concentration, above 0
    /// (Yurochkin et al. 2019, arXiv:1905.12022; Hsu, Qi, Brown 2019, arXiv:1909.06335).
    case dirichlet(Double)
    /// Each client gets the samples of one natural client of the data.
    case byClientID
}

extension Partition: Codable {
    private enum Word: String, Codable, CaseIterable {
        case iid
        case byClientID = "by-client-id"
    }

    private enum CodingKeys: String, CodingKey, CaseIterable { case shards, dirichlet }

    /// Reads a word or a mapping with one key.
    public init(from decoder: any Decoder) throws {
        guard let values = try? decoder.container(keyedBy: CodingKeys.self) else {
            let word = try decoder.singleValueContainer().decode(String.self)
            switch Word(rawValue: word) {
            case .iid: self = .iid
            case .byClientID: self = .byClientID
            case nil: throw Self.corrupted(decoder, "unknown partition '\(word)'")
            }
            return
        }
        try decoder.rejectUnknownKeys(CodingKeys.self)
        switch (values.contains(.shards), values.contains(.dirichlet)) {
        case (true, false):
            let shards = try values.decode(Int.self, forKey: .shards)
            guard shards >= 1 else { throw Self.corrupted(decoder, "shards must be at least 1, not \(shards)") }
            self = .shards(shards)
        case (false, true):
            let alpha = try values.decode(Double.self, forKey: .dirichlet)
            guard alpha > 0, alpha.isFinite else {
                throw Self.corrupted(decoder, "dirichlet must be above 0 and finite, not \(alpha)")
            }
            self = .dirichlet(alpha)
        default: throw Self.corrupted(decoder, "a partition has one key")
        }
    }

    /// Writes the form that `init(from:)` reads.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .iid: try Word.iid.encode(to: encoder)
        case .byClientID: try Word.byClientID.encode(to: encoder)
        case .shards(let count):
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(count, forKey: .shards)
        case .dirichlet(let alpha):
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(alpha, forKey: .dirichlet)
        }
    }

    private static func corrupted(_ decoder: any Decoder, _ cause: String) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: decoder.codingPath,
                debugDescription: "\(cause): choose iid, by-client-id, {shards: k} or {dirichlet: alpha}"))
    }
}
