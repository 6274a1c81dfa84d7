/// Shape of one activation tensor without its batch, channels innermost. A 1-D tensor has `height == 1`, a vector also
/// `width == 1`.
public struct FeatureShape: Hashable, Sendable {
    /// Rows, at least 1.
    public let height: Int
    /// Columns, at least 1.
    public let width: Int
    /// Channels, at least 1.
    public let channels: Int

    /// Describes a shape; checked by the network that holds it.
    public init(height: Int = 1, width: Int = 1, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Number of elements.
    public var count: Int { height * width * channels }
}

extension FeatureShape: CustomStringConvertible {
    /// For example `28x28x1`.
    public var description: String { "\(height)x\(width)x\(channels)" }
}
