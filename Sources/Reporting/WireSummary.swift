/// The bytes of an arm.
public struct WireSummary: Hashable, Sendable {
    /// From clients to the coordinator, everything included.
    public var upBytes: Int
    /// From the coordinator to clients, everything included.
    public var downBytes: Int
    /// The part of both that set up connections.
    public var handshakeBytes: Int
    /// Bytes of both directions by kind; they add up to `upBytes + downBytes`.
    public var byKind: [WireKind: Int]
    /// The part of `byKind` that clients sent; empty in files from before there was this key.
    public var upByKind: [WireKind: Int]

    /// Sums a ledger up.
    public init(_ ledger: ByteLedger) {
        upBytes = ledger.total.up
        downBytes = ledger.total.down
        handshakeBytes = ledger.total(.handshake).total
        byKind = Dictionary(uniqueKeysWithValues: ledger.byKind.map { ($0.kind, $0.byteCount.total) })
        let sent = ledger.byKind.filter { $0.byteCount.up > 0 }
        upByKind = Dictionary(uniqueKeysWithValues: sent.map { ($0.kind, $0.byteCount.up) })
    }
}

extension WireSummary: Codable {
    private enum CodingKeys: String, CodingKey {
        case upBytes = "up_bytes"
        case downBytes = "down_bytes"
        case handshakeBytes = "handshake_bytes"
        case byKind = "by_kind"
        case upByKind = "up_by_kind"
    }

    /// Reads an object; a kind that is not known is an error.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        upBytes = try container.decode(Int.self, forKey: .upBytes)
        downBytes = try container.decode(Int.self, forKey: .downBytes)
        handshakeBytes = try container.decode(Int.self, forKey: .handshakeBytes)
        byKind = try Self.kinds(container, .byKind)
        upByKind = container.contains(.upByKind) ? try Self.kinds(container, .upByKind) : [:]
    }

    private static func kinds(
        _ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys
    ) throws -> [WireKind: Int] {
        var kinds: [WireKind: Int] = [:]
        for (name, byteCount) in try container.decode([String: Int].self, forKey: key) {
            guard let kind = WireKind(rawValue: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: container, debugDescription: "unknown kind '\(name)'")
            }
            kinds[kind] = byteCount
        }
        return kinds
    }

    /// Writes an object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(upBytes, forKey: .upBytes)
        try container.encode(downBytes, forKey: .downBytes)
        try container.encode(handshakeBytes, forKey: .handshakeBytes)
        try container.encode(Self.named(byKind), forKey: .byKind)
        try container.encode(Self.named(upByKind), forKey: .upByKind)
    }

    private static func named(_ kinds: [WireKind: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: kinds.map { ($0.key.rawValue, $0.value) })
    }
}
