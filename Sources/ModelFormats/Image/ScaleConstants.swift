import Foundation
import IntegerRuntime
import Quantization

/// Scales of a network as the constants that a rounding profile computes with.
enum ScaleConstants {
    /// What a channel's sum is scaled by.
    static func channel(
        _ input: Float, _ weight: Float, _ output: Float, isDense: Bool, _ profile: RoundingProfile
    ) -> (first: Int32, second: Int32) {
        if profile == .xnnpack {
            return (Int32(bitPattern: (input * weight / output).bitPattern), 0)
        }
        let factor = Double(input) * Double(weight) / Double(output)
        if profile == .litertReference, isDense { return halves(factor) }
        let multiplier = OutputMultiplier(factor)
        return (multiplier.integer, multiplier.shift)
    }

    private static func halves(_ factor: Double) -> (first: Int32, second: Int32) {
        (Int32(truncatingIfNeeded: factor.bitPattern), Int32(truncatingIfNeeded: factor.bitPattern >> 32))
    }

    /// What a channel's sum is scaled by on activations of 16 bits: a multiplier of 15 bits, and how far the product is
    /// shifted to the right (TensorFlow Lite, `MultiplyByQuantizedMultiplier` for 64 bits), or a Double in dense layers of
    /// LiteRT.
    static func wideChannel(
        _ input: Float, _ weight: Float, _ output: Float, isDense: Bool, _ profile: RoundingProfile
    ) -> (first: Int32, second: Int32) {
        let factor = Double(input) * Double(weight) / Double(output)
        if isDense, profile != .tflm { return halves(factor) }
        let multiplier = OutputMultiplier(factor)
        let reduced = multiplier.integer < 0x7fff_0000 ? (multiplier.integer + (1 << 15)) >> 16 : 0x7fff
        return (reduced, 15 - multiplier.shift)
    }

    /// Multiplier and shift of a change of width.
    static func requantize(_ input: QuantizedActivation, _ output: QuantizedActivation) -> [Int32] {
        let multiplier = OutputMultiplier(Double(input.scale) / Double(output.scale))
        return [multiplier.integer, multiplier.shift]
    }

    /// The words of a sum, see `AddParameters`.
    static func add(
        _ left: QuantizedActivation, _ right: QuantizedActivation, _ output: QuantizedActivation,
        _ profile: RoundingProfile
    ) -> [Int32] {
        if profile == .xnnpack, output.bits == 8 { return addXNNPACK(left, right, output) }
        let common = 2 * Double(max(left.scale, right.scale))
        let fraction: Double = output.bits == 8 ? 1_048_576 : 32768
        let factors = [
            Double(left.scale) / common, Double(right.scale) / common, common / (fraction * Double(output.scale)),
        ]
        return factors.flatMap { factor in
            let multiplier = OutputMultiplier(factor)
            return [multiplier.integer, multiplier.shift]
        }
    }

    /// Both factors in one fixed-point format in which the larger one has 21 bits (XNNPACK, `qs8-vadd`).
    private static func addXNNPACK(
        _ left: QuantizedActivation, _ right: QuantizedActivation, _ output: QuantizedActivation
    ) -> [Int32] {
        let factors = [left.scale / output.scale, right.scale / output.scale]
        let exponent = Int(max(factors[0], factors[1]).exponent)
        let shift = max(1, min(31, 20 - exponent))
        let integers = factors.map { factor in
            Int32(clamping: Int(scalbn(Double(factor), shift).rounded(.toNearestOrEven)))
        }
        let bias = (Int32(1) << Int32(shift - 1)) &- integers[0] &* left.zeroPoint &- integers[1] &* right.zeroPoint
        return [integers[0], integers[1], bias, Int32(shift)]
    }

    /// Multiplier, shift and the lowest difference whose exponential is not 0, in Q5.26.
    static func softmax(_ input: QuantizedActivation) -> [Int32] {
        let multiplier = OutputMultiplier(min(Double(input.scale) * 67_108_864, 2_147_483_647))
        let shift = max(0, multiplier.shift)
        let radius = (31.0 * 67_108_864 / scalbn(1.0, Int(shift))).rounded(.down)
        return [multiplier.integer, shift, Int32(clamping: -Int(radius))]
    }
}

extension QuantizedActivation {
    /// The integers that a clamp leaves (TensorFlow Lite, `CalculateActivationRangeQuantized`).
    func clamp(_ activation: FusedActivation) -> ClosedRange<Int32> {
        let (lowest, highest): (Int32, Int32) = bits == 8 ? (-128, 127) : (-32768, 32767)
        guard activation != .none else { return lowest...highest }
        let lower = max(lowest, zeroPoint)
        guard activation == .relu6 else { return lower...highest }
        let six = zeroPoint + Int32(min(65536, (6 / scale).rounded(.toNearestOrAwayFromZero)))
        return lower...max(lower, min(highest, six))
    }
}

extension NetworkOperation {
    /// The operation's code in model images.
    var kind: OperationKind {
        switch self {
        case .convolution: .convolution
        case .depthwiseConvolution: .depthwiseConvolution
        case .dense: .dense
        case .add: .add
        case .maxPool: .maxPool
        case .averagePool, .globalAveragePool: .averagePool
        case .reshape: .reshape
        case .softmax: .softmax
        case .requantize: .requantize
        }
    }

    /// The window, that of a global pool being its whole input.
    func window(over input: FeatureShape) -> NetworkWindow? {
        switch self {
        case .convolution(_, let window, _), .depthwiseConvolution(_, let window, _), .maxPool(let window),
            .averagePool(let window):
            window
        case .globalAveragePool: NetworkWindow(height: input.height, width: input.width)
        case .dense, .add, .reshape, .softmax, .requantize: nil
        }
    }
}
