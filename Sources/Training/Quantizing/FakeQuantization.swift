import Tensors

/// How a model is quantized while it still computes in float: weights in steps of their output channel, activations in
/// steps of their tensor (Jacob et al. 2018, §3, arXiv:1712.05877).
///
/// In a `LocalTrainingPlan` it turns on quantization-aware training, with straight-through gradients (Bengio, Léonard,
/// Courville 2013, arXiv:1308.3432): the steps go to the float weights as if the rounding were not there. In JSON and
/// YAML every key may be left out.
public struct FakeQuantization: Hashable, Codable, Sendable {
    /// How ranges move while training.
    public enum RangeRule: String, Hashable, Codable, Sendable, CaseIterable {
        /// A moving average of each batch's minimum and maximum.
        case movingAverage = "moving_average"
        /// Gradient steps on both ends (Esser et al. 2020, arXiv:1902.08153; Jain et al. 2020, arXiv:1903.08066).
        case learned
        /// Ranges stay as given.
        case fixed
    }

    /// Bits of weights, 2 to 8.
    public var weightBits: Int
    /// Bits of each weight tensor in layout order, for mixed precision; empty where all have `weightBits`.
    public var layerWeightBits: [Int]
    /// Bits of activations: 8, or 16 (symmetric).
    public var activationBits: Int
    /// Bits of the activations at each point, for mixed precision; empty where all have `activationBits`.
    public var pointActivationBits: [Int]
    /// How ranges move while training; they rest in evaluation.
    public var rangeRule: RangeRule
    /// One range per `ModelSpec.quantizationPoints()`. Empty where training is to measure them in its first batch.
    public var ranges: [ActivationRange]

    /// Describes a quantization; checked against the model that it is used with.
    public init(
        weightBits: Int = 8, layerWeightBits: [Int] = [], activationBits: Int = 8,
        pointActivationBits: [Int] = [], rangeRule: RangeRule = .movingAverage, ranges: [ActivationRange] = []
    ) {
        self.weightBits = weightBits
        self.layerWeightBits = layerWeightBits
        self.activationBits = activationBits
        self.pointActivationBits = pointActivationBits
        self.rangeRule = rangeRule
        self.ranges = ranges
    }

    /// Reads any of the six keys and no others.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        try container.allowOnly(
            ["activationBits", "layerWeightBits", "pointActivationBits", "rangeRule", "ranges", "weightBits"],
            in: "quantization")
        self.init(
            weightBits: try container.optional("weightBits", 8),
            layerWeightBits: try container.optional("layerWeightBits", []),
            activationBits: try container.optional("activationBits", 8),
            pointActivationBits: try container.optional("pointActivationBits", []),
            rangeRule: try container.optional("rangeRule", .movingAverage),
            ranges: try container.optional("ranges", []))
    }

    /// Checks bits and ranges as far as that goes without a model.
    ///
    /// - Throws: `.invalidQuantization`.
    public func validate() throws(TrainingError) {
        guard (layerWeightBits + [weightBits]).allSatisfy({ (2...8).contains($0) }) else {
            throw .invalidQuantization("weights have 2 to 8 bits, not \(layerWeightBits + [weightBits])")
        }
        guard (pointActivationBits + [activationBits]).allSatisfy({ $0 == 8 || $0 == 16 }) else {
            throw .invalidQuantization(
                "activations have 8 or 16 bits, not \(pointActivationBits + [activationBits])")
        }
        guard ranges.allSatisfy(\.isValid) else {
            throw .invalidQuantization("an activation range is not finite or leaves out 0")
        }
    }

    /// Bits of the activations at each of so many points.
    ///
    /// - Throws: `.invalidQuantization` where `pointActivationBits` does not fit.
    public func activationBits(pointCount: Int) throws(TrainingError) -> [Int] {
        guard !pointActivationBits.isEmpty else { return [Int](repeating: activationBits, count: pointCount) }
        guard pointActivationBits.count == pointCount else {
            throw .invalidQuantization(
                "widths of \(pointActivationBits.count) activations; the model has \(pointCount) points")
        }
        return pointActivationBits
    }

    /// Bits of each weight tensor of a layout, in order.
    ///
    /// - Throws: `.invalidQuantization` where `layerWeightBits` does not fit.
    public func bits(of layout: ParameterLayout) throws(TrainingError) -> [Int] {
        let count = layout.entries.count { $0.kind == .weight }
        guard !layerWeightBits.isEmpty else { return [Int](repeating: weightBits, count: count) }
        guard layerWeightBits.count == count else {
            throw .invalidQuantization("bits for \(layerWeightBits.count) weight tensors; the model has \(count)")
        }
        return layerWeightBits
    }
}
