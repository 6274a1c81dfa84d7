/// How models and updates travel.
public struct Compression: Hashable, Codable, Sendable {
    /// How the global model goes out.
    public enum Downlink: String, Hashable, Codable, Sendable, CaseIterable {
        /// The float master, whole each time.
        case float32
        /// The int8 lattice of the master, as a difference against what the client holds where that is smaller.
        case int8
    }

    /// Name of the codec of updates, as `UpdateCodecs` knows it: `float32` or `int8`.
    public var up: String
    /// How the global model goes out.
    public var down: Downlink

    /// Makes the value from its fields.
    public init(up: String, down: Downlink) {
        self.up = up
        self.down = down
    }
}
