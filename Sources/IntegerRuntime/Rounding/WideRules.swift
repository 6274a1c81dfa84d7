/// The rules of a profile, with kernels for activations of 16 bits too: `Interpreter<WideRules<TFLMRules>>` runs images of
/// both versions. A program that names only the plain rules does not link them.
///
/// XNNPACK has no kernels for 16 bits and leaves such operations to LiteRT, whose kernels are those of TensorFlow Lite
/// Micro, except that a dense layer is scaled in Float64. So `xnnpack` and `litert-ref` agree on them; only LiteRT's
/// builds for x86 have vector code for sums of 16 bits, which differs by a step in one element of some 400,000.
public enum WideRules<Base: RoundingRules>: RoundingRules {
    /// The profile that the rules implement.
    @inlinable
    public static var profile: RoundingProfile { Base.profile }

    /// Yes.
    @inlinable
    public static var hasWideActivations: Bool { true }

    /// Scales the sum of a convolution.
    @inlinable @inline(__always)
    public static func convolution(_ sum: Int32, _ scale: ChannelScale) -> Int32 { Base.convolution(sum, scale) }

    /// Scales the sum of a dense layer.
    @inlinable @inline(__always)
    public static func dense(_ sum: Int32, _ scale: ChannelScale) -> Int32 { Base.dense(sum, scale) }

    /// Adds two elements.
    @inlinable @inline(__always)
    public static func add(_ left: Int32, _ right: Int32, _ parameters: AddParameters) -> Int32 {
        Base.add(left, right, parameters)
    }
}
