/// What a channel's accumulator is scaled by: 8 bytes whose meaning the profile decides.
@frozen
public struct ChannelScale: Sendable {
    /// Q0.31 multiplier; bits of a Float; or low half of the bits of a Double.
    public var first: Int32
    /// Exponent; unused; or high half of the bits of a Double.
    public var second: Int32

    /// Ties two words.
    @inlinable
    public init(first: Int32, second: Int32) {
        self.first = first
        self.second = second
    }
}

/// How sums become outputs. Kernels are generic over it, so each profile is compiled on its own and only those that a
/// program names are linked.
public protocol RoundingRules {
    /// The profile that the rules implement.
    static var profile: RoundingProfile { get }
    /// Whether the kernels for activations of 16 bits are linked too.
    static var hasWideActivations: Bool { get }
    /// Scales the sum of a convolution.
    static func convolution(_ sum: Int32, _ scale: ChannelScale) -> Int32
    /// Scales the sum of a dense layer.
    static func dense(_ sum: Int32, _ scale: ChannelScale) -> Int32
    /// Adds two elements; the result is clamped by the caller.
    static func add(_ left: Int32, _ right: Int32, _ parameters: AddParameters) -> Int32
}

extension RoundingRules {
    /// No, unless `WideRules` says so.
    @inlinable
    public static var hasWideActivations: Bool { false }
}

/// Six words of a sum, precomputed by the writer of the image.
///
/// Fixed point: left multiplier and shift, right multiplier and shift, output multiplier and shift. `xnnpack`: left and
/// right multiplier, bias, shift, 0, 0.
@frozen
public struct AddParameters: Sendable {
    /// The words.
    public var words: (Int32, Int32, Int32, Int32, Int32, Int32)
    /// Zero points of left input, right input and output.
    public var zeroPoints: (Int32, Int32, Int32)

    /// Ties words and zero points.
    @inlinable
    public init(words: (Int32, Int32, Int32, Int32, Int32, Int32), zeroPoints: (Int32, Int32, Int32)) {
        self.words = words
        self.zeroPoints = zeroPoints
    }

    /// The rule of the reference kernels: inputs in Q20, or Q15 at 16 bits, scaled to twice the larger scale, summed,
    /// scaled to the output.
    @inlinable @inline(__always)
    func fixedPoint(_ left: Int32, _ right: Int32, fractionBits: Int32 = 20) -> Int32 {
        let first = FixedPoint.multiply((left &- zeroPoints.0) &<< fractionBits, words.0, shift: words.1)
        let second = FixedPoint.multiply((right &- zeroPoints.1) &<< fractionBits, words.2, shift: words.3)
        return FixedPoint.multiply(first &+ second, words.4, shift: words.5) &+ zeroPoints.2
    }
}

/// Rules of `RoundingProfile.tflm`.
public enum TFLMRules: RoundingRules {
    /// The profile that the rules implement.
    @inlinable
    public static var profile: RoundingProfile { .tflm }

    /// Scales the sum of a convolution.
    @inlinable @inline(__always)
    public static func convolution(_ sum: Int32, _ scale: ChannelScale) -> Int32 {
        FixedPoint.multiply(sum, scale.first, shift: scale.second)
    }

    /// Scales the sum of a dense layer.
    @inlinable @inline(__always)
    public static func dense(_ sum: Int32, _ scale: ChannelScale) -> Int32 {
        FixedPoint.multiply(sum, scale.first, shift: scale.second)
    }

    /// Adds two elements.
    @inlinable @inline(__always)
    public static func add(_ left: Int32, _ right: Int32, _ parameters: AddParameters) -> Int32 {
        parameters.fixedPoint(left, right)
    }
}

/// Rules of `RoundingProfile.litertReference`.
public enum LiteRTReferenceRules: RoundingRules {
    /// The profile that the rules implement.
    @inlinable
    public static var profile: RoundingProfile { .litertReference }

    /// Scales the sum of a convolution.
    @inlinable @inline(__always)
    public static func convolution(_ sum: Int32, _ scale: ChannelScale) -> Int32 {
        FixedPoint.multiply(sum, scale.first, shift: scale.second)
    }

    /// Scales the sum of a dense layer.
    @inlinable @inline(__always)
    public static func dense(_ sum: Int32, _ scale: ChannelScale) -> Int32 {
        let bits = UInt64(UInt32(bitPattern: scale.second)) &<< 32 | UInt64(UInt32(bitPattern: scale.first))
        return bounded((Double(sum) * Double(bitPattern: bits)).rounded(.toNearestOrAwayFromZero))
    }

    /// Adds two elements.
    @inlinable @inline(__always)
    public static func add(_ left: Int32, _ right: Int32, _ parameters: AddParameters) -> Int32 {
        parameters.fixedPoint(left, right)
    }

    @inlinable @inline(__always)
    static func bounded(_ value: Double) -> Int32 {
        // 2²⁴ is beyond every activation, so the clamp that follows has the last word.
        if value > 16_777_216 { return 16_777_216 }
        if value < -16_777_216 { return -16_777_216 }
        // Only a damaged image has a factor that is not a number.
        return value.isNaN ? 0 : Int32(value)
    }
}

/// Rules of `RoundingProfile.xnnpack`.
public enum XNNPACKRules: RoundingRules {
    /// The profile that the rules implement.
    @inlinable
    public static var profile: RoundingProfile { .xnnpack }

    /// Scales the sum of a convolution.
    @inlinable @inline(__always)
    public static func convolution(_ sum: Int32, _ scale: ChannelScale) -> Int32 {
        let value = Float(sum) * Float(bitPattern: UInt32(bitPattern: scale.first))
        // 2²⁰ is beyond every activation, so the clamp that follows has the last word. Adding 1.5·2²³ leaves the nearest
        // integer, halves to even, in the low bits.
        let bounded = value > 1_048_576 ? 1_048_576 : value < -1_048_576 ? -1_048_576 : value
        return Int32(bitPattern: (bounded + 12_582_912).bitPattern) &- 0x4b40_0000
    }

    /// Scales the sum of a dense layer.
    @inlinable @inline(__always)
    public static func dense(_ sum: Int32, _ scale: ChannelScale) -> Int32 { convolution(sum, scale) }

    /// Adds two elements.
    @inlinable @inline(__always)
    public static func add(_ left: Int32, _ right: Int32, _ parameters: AddParameters) -> Int32 {
        let words = parameters.words
        return ((words.2 &+ left &* words.0 &+ right &* words.1) &>> words.3) &+ parameters.zeroPoints.2
    }
}
