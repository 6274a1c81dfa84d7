/// Bytes on the connection by direction.
public struct WireByteCount: Hashable, Codable, Sendable {
    /// From clients to the coordinator.
    public var up: Int
    /// From the coordinator to clients.
    public var down: Int

    /// Nothing in either direction.
    public static let zero = WireByteCount(up: 0, down: 0)

    /// Makes the value from its fields.
    public init(up: Int, down: Int) {
        self.up = up
        self.down = down
    }

    /// Both directions together.
    public var total: Int { up + down }

    /// Adds each direction.
    public static func + (left: Self, right: Self) -> Self {
        Self(up: left.up + right.up, down: left.down + right.down)
    }

    /// Subtracts each direction.
    public static func - (left: Self, right: Self) -> Self {
        Self(up: left.up - right.up, down: left.down - right.down)
    }

    /// Adds each direction in place.
    public static func += (left: inout Self, right: Self) { left = left + right }
}
