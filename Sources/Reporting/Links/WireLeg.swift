/// The bytes that one side of a connection sent before the other side spoke again.
public struct WireLeg: Hashable, Codable, Sendable {
    /// Whether the client sent them.
    public var isUp: Bool
    /// On the connection: framing and encryption are included, TCP and IP headers are not.
    public var byteCount: Int

    /// Makes the value from its fields.
    public init(isUp: Bool, byteCount: Int) {
        self.isUp = isUp
        self.byteCount = byteCount
    }
}

extension [WireLeg] {
    /// Adds a message: to the last leg where that went the same way, otherwise as a leg of its own.
    public mutating func append(isUp: Bool, byteCount: Int) {
        if let last = indices.last, self[last].isUp == isUp {
            self[last].byteCount += byteCount
        } else {
            append(WireLeg(isUp: isUp, byteCount: byteCount))
        }
    }

    /// All legs by direction.
    public var byteCount: WireByteCount {
        reduce(into: .zero) { if $1.isUp { $0.up += $1.byteCount } else { $0.down += $1.byteCount } }
    }
}
