import Foundation
import IntegerRuntime
import Quantization

/// The integer rules in plain words, on the network itself: no images, no folding, no windows gathered.
struct PlainInference {
    let network: QuantizedNetwork
    let profile: RoundingProfile

    /// All activations for one sample; a softmax is left at zeros.
    func activations(_ sample: [Int16]) -> [[Int32]] {
        var values = network.tensors.map { [Int32](repeating: 0, count: $0.shape.count) }
        values[network.input] = sample.map(Int32.init)
        for node in network.nodes {
            let (source, target) = (network.tensors[node.inputs[0]], network.tensors[node.output])
            let (x, place) = (values[node.inputs[0]], values.indices.contains(node.output) ? node.output : 0)
            for index in 0..<target.shape.count {
                switch node.operation {
                case .convolution(let filter, let window, let clamp):
                    let sum = slide(x, source, target, index, window) { tap, input, channel in
                        channel * window.height * window.width * source.shape.channels
                            + tap * source.shape.channels + input
                    } weight: {
                        filter.values[$0]
                    }
                    values[place][index] = scale(sum, filter, index % target.shape.channels, source, target, clamp)
                case .depthwiseConvolution(let filter, let window, let clamp):
                    let sum = slide(x, source, target, index, window, isDepthwise: true) { tap, _, channel in
                        tap * source.shape.channels + channel
                    } weight: {
                        filter.values[$0]
                    }
                    values[place][index] = scale(sum, filter, index % target.shape.channels, source, target, clamp)
                case .dense(let filter, let clamp):
                    let sum = x.indices.reduce(Int32(0)) {
                        $0 + (x[$1] - source.zeroPoint) * Int32(filter.values[index * x.count + $1])
                    }
                    values[place][index] = scale(
                        sum, filter, index, source, target, clamp, isDense: true)
                case .add(let clamp):
                    let other = network.tensors[node.inputs[1]]
                    values[place][index] = add(
                        x[index], source, values[node.inputs[1]][index], other, target, clamp)
                case .maxPool(let window): values[place][index] = taps(x, source, target, index, window).max() ?? 0
                case .averagePool(let window):
                    values[place][index] = mean(taps(x, source, target, index, window))
                case .globalAveragePool:
                    let window = NetworkWindow(height: source.shape.height, width: source.shape.width)
                    values[place][index] = mean(taps(x, source, target, index, window))
                case .reshape: values[place][index] = x[index]
                case .requantize:
                    let exact = Double(source.scale) / Double(target.scale)
                    values[place][index] = bounded(
                        twice(x[index] - source.zeroPoint, exact) + target.zeroPoint, target, .none)
                case .softmax: break
                }
            }
        }
        return values
    }

    private func mean(_ taps: [Int32]) -> Int32 {
        Int32((Double(taps.reduce(0, +)) / Double(taps.count)).rounded(.toNearestOrAwayFromZero))
    }

    private func taps(
        _ x: [Int32], _ source: QuantizedActivation, _ target: QuantizedActivation, _ index: Int,
        _ window: NetworkWindow
    ) -> [Int32] {
        let (position, channel) = index.quotientAndRemainder(dividingBy: target.shape.channels)
        let (row, column) = position.quotientAndRemainder(dividingBy: target.shape.width)
        var taps: [Int32] = []
        for y in 0..<window.height {
            for z in 0..<window.width {
                let line = row * window.strideHeight + y
                let place = line * source.shape.width + column * window.strideWidth + z
                taps.append(x[place * source.shape.channels + channel])
            }
        }
        return taps
    }

    private func slide(
        _ x: [Int32], _ source: QuantizedActivation, _ target: QuantizedActivation, _ index: Int,
        _ window: NetworkWindow, isDepthwise: Bool = false, at: (_ tap: Int, _ input: Int, _ channel: Int) -> Int,
        weight: (Int) -> Int8
    ) -> Int32 {
        let (position, channel) = index.quotientAndRemainder(dividingBy: target.shape.channels)
        let (row, column) = position.quotientAndRemainder(dividingBy: target.shape.width)
        var sum: Int32 = 0
        for y in 0..<window.height {
            for z in 0..<window.width {
                let line = row * window.strideHeight - window.top + y
                let place = column * window.strideWidth - window.left + z
                guard (0..<source.shape.height).contains(line), (0..<source.shape.width).contains(place) else {
                    continue
                }
                for input in isDepthwise ? channel..<channel + 1 : 0..<source.shape.channels {
                    let value = x[(line * source.shape.width + place) * source.shape.channels + input]
                    sum += (value - source.zeroPoint) * Int32(weight(at(y * window.width + z, input, channel)))
                }
            }
        }
        return sum
    }

    private func scale(
        _ sum: Int32, _ filter: QuantizedFilter, _ channel: Int, _ source: QuantizedActivation,
        _ target: QuantizedActivation, _ clamp: FusedActivation, isDense: Bool = false
    ) -> Int32 {
        let total = sum + filter.bias[channel]
        let exact = Double(source.scale) * Double(filter.scales[channel]) / Double(target.scale)
        let value: Int32 =
            if target.bits == 16, !isDense || profile == .tflm {
                once(total, exact)
            } else if profile == .xnnpack, target.bits == 8 {
                Int32((Float(total) * (source.scale * filter.scales[channel] / target.scale)).rounded(.toNearestOrEven))
            } else if profile != .tflm, isDense {
                Int32((Double(total) * exact).rounded(.toNearestOrAwayFromZero))
            } else {
                twice(total, exact)
            }
        return bounded(value + target.zeroPoint, target, clamp)
    }

    /// By a factor of 15 bits, rounded once, halves up.
    private func once(_ value: Int32, _ factor: Double) -> Int32 {
        let exponent = Double(factor.exponent + 1)
        let whole = (factor.significand / 2 * 2_147_483_648).rounded(.toNearestOrAwayFromZero)
        let mantissa = min(32767, (whole / 65536 + 0.5).rounded(.down))
        return Int32((Double(value) * mantissa * exp2(exponent - 15) + 0.5).rounded(.down))
    }

    /// Rounded to 31 bits of product, halves up, and once more to an integer, halves away from zero.
    private func twice(_ value: Int32, _ factor: Double) -> Int32 {
        let exponent = factor.exponent + 1
        let mantissa = (factor.significand / 2 * 2_147_483_648).rounded(.toNearestOrAwayFromZero)
        let shifted = exponent > 0 ? Double(value) * exp2(Double(exponent)) : Double(value)
        // Doubles have 53 bits: the product needs up to 62, so it is made in integers.
        let product = Int64(shifted) * Int64(mantissa)
        let high = (product + (1 << 30)) >> 31
        let step = exp2(Double(min(exponent, 0)))
        return Int32((Double(high) * step).rounded(.toNearestOrAwayFromZero))
    }

    private func add(
        _ left: Int32, _ leftTensor: QuantizedActivation, _ right: Int32, _ rightTensor: QuantizedActivation,
        _ target: QuantizedActivation, _ clamp: FusedActivation
    ) -> Int32 {
        let (a, b) = (left - leftTensor.zeroPoint, right - rightTensor.zeroPoint)
        if profile == .xnnpack, target.bits == 8 {
            let factors = [leftTensor.scale / target.scale, rightTensor.scale / target.scale]
            let shift = 20 - Int(max(factors[0], factors[1]).exponent)
            let whole = factors.map { (Double($0) * exp2(Double(shift))).rounded(.toNearestOrEven) }
            let sum = (Double(a) * whole[0] + Double(b) * whole[1]) / exp2(Double(shift))
            return bounded(Int32((sum + 0.5).rounded(.down)) + target.zeroPoint, target, clamp)
        }
        let common = 2 * Double(max(leftTensor.scale, rightTensor.scale))
        let fraction: Int32 = target.bits == 8 ? 20 : 15
        let sum =
            twice(a << fraction, Double(leftTensor.scale) / common)
            + twice(b << fraction, Double(rightTensor.scale) / common)
        let factor = common / (Double(1 << fraction) * Double(target.scale))
        return bounded(twice(sum, factor) + target.zeroPoint, target, clamp)
    }

    private func bounded(_ value: Int32, _ target: QuantizedActivation, _ clamp: FusedActivation) -> Int32 {
        let (lowest, highest): (Int32, Int32) = target.bits == 8 ? (-128, 127) : (-32768, 32767)
        let lower = clamp == .none ? lowest : max(lowest, target.zeroPoint)
        let six = target.zeroPoint + Int32((6 / target.scale).rounded(.toNearestOrAwayFromZero))
        return max(lower, min(clamp == .relu6 ? min(highest, six) : highest, value))
    }
}
