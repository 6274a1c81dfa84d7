/// Whose results an image reproduces to the bit.
public enum RoundingProfile: UInt8, Sendable, CaseIterable {
    /// TensorFlow Lite Micro, and CMSIS-NN after it: fixed point, two roundings, everywhere.
    case tflm = 0
    /// The reference kernels of LiteRT: as `tflm`, but dense layers scale in float64 and round halves away from zero.
    case litertReference = 1
    /// XNNPACK, which LiteRT uses by default: float32 scales, halves to even.
    case xnnpack = 2

    /// The name in files and on command lines.
    public var name: StaticString {
        switch self {
        case .tflm: "tflm"
        case .litertReference: "litert-ref"
        case .xnnpack: "xnnpack"
        }
    }
}
