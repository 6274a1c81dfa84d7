import Quantization
import Tensors

/// Which activations get 16 bits where 8 cost too much.
///
/// Each point's sensitivity is measured: how far the outputs move (mean Kullback–Leibler divergence from the float model's)
/// when that point alone has 8 bits and the others 16. Points are then widened in the order of most harm, as long as the
/// integer model fits the device and the outputs come closer, until most of what 8 bits cost is gone.
public struct ActivationSearch: Hashable, Sendable {
    /// Part of what 8 bits cost that may be left, 0 to 1.
    public var rest: Double
    /// Whether the input and the last point may have 16 bits too; a device then hands over samples of 16 bits, and gets
    /// results of 16 bits.
    public var widensEnds: Bool

    /// Makes a search.
    public init(rest: Double = 0.1, widensEnds: Bool = false) {
        self.rest = rest
        self.widensEnds = widensEnds
    }

    /// What was measured and chosen.
    public struct Choice: Hashable, Sendable {
        /// Bits of each point, for `FakeQuantization.pointActivationBits`.
        public let pointActivationBits: [Int]
        /// Divergence in nats when that point alone has 8 bits.
        public let sensitivities: [Double]
        /// Divergence with 8 bits everywhere.
        public let narrow: Double
        /// Divergence of the choice.
        public let chosen: Double
    }

    /// Chooses the widths.
    ///
    /// - Parameters:
    ///   - quantization: ranges and width of the weights; its widths of activations are not looked at. Points next to
    ///     weights of 4 bits keep 8.
    ///   - indices: samples to measure on, real or synthetic; labels do not matter.
    ///   - fits: whether a device has room for an integer model.
    /// - Throws: as `Trainer.logits`.
    public func choose(
        _ trainer: Trainer, parameters: [Float], quantization: FakeQuantization, on set: TrainingSet, indices: [Int],
        fits: (QuantizedNetwork) -> Bool
    ) throws(TrainingError) -> Choice {
        let classes = trainer.spec.classCount
        let expected = try trainer.logits(parameters: parameters, on: set, indices: indices)
        func divergence(_ bits: [Int]) throws(TrainingError) -> Double {
            var trial = quantization
            trial.pointActivationBits = bits
            let actual = try trainer.logits(parameters: parameters, quantization: trial, on: set, indices: indices)
            return LogitDivergence.mean(expected, actual, classes: classes)
        }
        let count = quantization.ranges.count
        let wide = [Int](repeating: 16, count: count)
        var sensitivities: [Double] = []
        for point in 0..<count {
            var bits = wide
            bits[point] = 8
            sensitivities.append(try divergence(bits))
        }
        var bits = [Int](repeating: 8, count: count)
        let narrow = try divergence(bits)
        let floor = try divergence(wide)
        var least = narrow
        for point in (0..<count).sorted(by: { sensitivities[$0] > sensitivities[$1] })
        where least > floor + rest * (narrow - floor) && (widensEnds || point > 0 && point < count - 1) {
            var trial = quantization
            trial.pointActivationBits = bits
            trial.pointActivationBits[point] = 16
            guard let network = try? trainer.spec.quantized(parameters, trial), fits(network) else { continue }
            let value = try divergence(trial.pointActivationBits)
            if value < least { (bits, least) = (trial.pointActivationBits, value) }
        }
        return Choice(pointActivationBits: bits, sensitivities: sensitivities, narrow: narrow, chosen: least)
    }
}
