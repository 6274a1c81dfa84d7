/// A tensor of an image: shape, place and meaning.
public struct ImageTensor: Sendable {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    /// Channels, innermost.
    public let channels: Int
    /// Place in the arena, in bytes.
    public let arenaOffset: Int
    /// Size of a step.
    public let scale: Float
    /// The integer that stands for 0.
    public let zeroPoint: Int32
    /// Whether elements have 16 bits, not 8.
    public let isWide: Bool

    @inline(__always)
    init(_ record: UnsafeRawPointer) {
        height = Int(truncatingIfNeeded: record.word(ModelImageFormat.Tensor.height))
        width = Int(truncatingIfNeeded: record.word(ModelImageFormat.Tensor.width))
        channels = Int(truncatingIfNeeded: record.word(ModelImageFormat.Tensor.channels))
        arenaOffset = Int(truncatingIfNeeded: record.word(ModelImageFormat.Tensor.arenaOffset))
        scale = Float(bitPattern: record.word(ModelImageFormat.Tensor.scale))
        zeroPoint = record.signedShort(ModelImageFormat.Tensor.zeroPoint)
        isWide = record.byte(ModelImageFormat.Tensor.isWide) != 0
    }

    /// Number of elements.
    public var count: Int { height &* width &* channels }
    /// Bytes that it takes in the arena.
    public var byteCount: Int { isWide ? count &* 2 : count }

    /// Whether the sizes are positive and their product is allowed.
    var isPlausible: Bool {
        let limit = ModelImageFormat.maximumElementCount
        guard height > 0, width > 0, channels > 0, height <= limit, width <= limit / height else { return false }
        return channels <= limit / (height &* width)
    }

    func hasShape(of other: ImageTensor) -> Bool {
        height == other.height && width == other.width && channels == other.channels
    }
}
