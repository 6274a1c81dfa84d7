/// Where things stand in a model image, version 1, or 2 where some activations have 16 bits.
///
/// Everything is little-endian; offsets count bytes from the image's start. A header of 64 bytes, a table of tensors of 24
/// bytes each, a table of operations of 64 bytes each, then constants: biases and channel scales aligned to 8 bytes,
/// weights to 16. Biases contain `−zeroPoint · Σ weights` already, so sums run over plain inputs and padding is the
/// input's zero point. Int4 weights stand two to a byte, the low nibble first, each filter beginning with a byte.
///
/// Operations on activations of 16 bits have Int64 biases. Their channel scales are a multiplier of 15 bits and how many
/// bits the product is shifted to the right, and the bits of a Double for dense layers in profiles other than `tflm`.
public enum ModelImageFormat {
    /// First four bytes, `SWI8`.
    public static let magic: UInt32 = 0x3849_5753
    /// Version of the format where all activations have 8 bits.
    public static let version = 1
    /// Version of the format where some activations have 16 bits.
    public static let wideVersion = 2
    /// Bytes of the header.
    public static let headerSize = 64
    /// Bytes of a tensor.
    public static let tensorSize = 24
    /// Bytes of an operation.
    public static let operationSize = 64
    /// Largest image, and largest arena, in bytes (2^28).
    public static let maximumByteCount = 1 << 28
    /// Most elements of a tensor (2^26).
    public static let maximumElementCount = 1 << 26

    /// Offsets in the header.
    public enum Header {
        /// UInt32.
        public static let magic = 0
        /// UInt16.
        public static let version = 4
        /// UInt8, a `RoundingProfile`.
        public static let profile = 6
        /// UInt32, size of the whole image.
        public static let byteCount = 8
        /// UInt16.
        public static let tensorCount = 12
        /// UInt16.
        public static let operationCount = 14
        /// UInt32.
        public static let tensorTable = 16
        /// UInt32.
        public static let operationTable = 20
        /// UInt32, bytes of working memory, scratch included.
        public static let arenaByteCount = 24
        /// UInt32, where the scratch begins in the arena; it ends with it.
        public static let scratchOffset = 28
        /// UInt16, index of a tensor.
        public static let input = 32
        /// UInt16, index of a tensor.
        public static let output = 34
        /// UInt32, CRC-32 (IEEE 802.3) of everything behind the header.
        public static let checksum = 36
    }

    /// Offsets in a tensor.
    public enum Tensor {
        /// UInt32.
        public static let height = 0
        /// UInt32.
        public static let width = 4
        /// UInt32.
        public static let channels = 8
        /// UInt32, place in the arena, a multiple of 4.
        public static let arenaOffset = 12
        /// Float.
        public static let scale = 16
        /// Int16.
        public static let zeroPoint = 20
        /// UInt8, 1 for elements of 16 bits, 0 for 8; always 0 in version 1.
        public static let isWide = 22
    }

    /// Offsets in an operation.
    public enum Operation {
        /// UInt8, an `OperationKind`.
        public static let kind = 0
        /// UInt8, 8 or 4, or 0 without weights.
        public static let weightBits = 1
        /// UInt16, index of a tensor.
        public static let input = 4
        /// UInt16, index of a tensor; that of `input` where there is no second one.
        public static let secondInput = 6
        /// UInt16, index of a tensor.
        public static let output = 8
        /// Six UInt16: window height, width, stride down, stride across, padding above, padding to the left.
        public static let window = 12
        /// UInt32.
        public static let weights = 24
        /// UInt32, one Int32 per output channel; Int64 on activations of 16 bits.
        public static let bias = 28
        /// UInt32, one `ChannelScale` per output channel.
        public static let scales = 32
        /// Int16, lowest output.
        public static let minimum = 36
        /// Int16, highest output.
        public static let maximum = 38
        /// Six Int32, see `AddParameters`; for a softmax multiplier, shift and lowest difference; for a change of width
        /// multiplier and shift.
        public static let words = 40
    }
}

/// What an operation of an image does.
public enum OperationKind: UInt8, Sendable, CaseIterable {
    /// Filter bank over windows.
    case convolution = 1
    /// One filter per channel.
    case depthwiseConvolution = 2
    /// Matrix times vector.
    case dense = 3
    /// Elementwise sum.
    case add = 4
    /// Largest of each window.
    case maxPool = 5
    /// Mean of each window.
    case averagePool = 6
    /// Copy into another shape.
    case reshape = 7
    /// Probabilities.
    case softmax = 8
    /// Between activations of 8 and 16 bits.
    case requantize = 9

    /// Whether the operation has weights, biases and channel scales.
    @inlinable
    public var hasFilter: Bool { self == .convolution || self == .depthwiseConvolution || self == .dense }
    /// Whether the operation has a window.
    @inlinable
    public var hasWindow: Bool {
        switch self {
        case .convolution, .depthwiseConvolution, .maxPool, .averagePool: true
        case .dense, .add, .reshape, .softmax, .requantize: false
        }
    }
}
