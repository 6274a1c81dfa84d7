import Tensors

/// Which layers get four bits for their weights and which keep eight, when flash is short.
///
/// Each layer's sensitivity is measured: how far the outputs move (mean Kullback–Leibler divergence from the float model's)
/// when that layer alone has few bits. Layers then change over in the order of least harm per byte saved (as in HAWQ, Dong
/// et al. 2019, arXiv:1905.03696, with the measured divergence instead of the curvature).
public struct PrecisionSearch: Hashable, Sendable {
    /// Bits of a weight where there is room, 2 to 8.
    public var highBits: Int
    /// Bits of a weight where there is none, below `highBits`.
    public var lowBits: Int

    /// Makes a search.
    public init(highBits: Int = 8, lowBits: Int = 4) {
        self.highBits = highBits
        self.lowBits = lowBits
    }

    /// What was measured and chosen.
    public struct Choice: Hashable, Sendable {
        /// Bits of each weight tensor in layout order, for `FakeQuantization.layerWeightBits`.
        public let layerWeightBits: [Int]
        /// Divergence in nats when that tensor alone has few bits.
        public let sensitivities: [Double]
        /// `ParameterLayout.weightByteCount` of the choice.
        public let byteCount: Int
    }

    /// Chooses bits so that the weights fit.
    ///
    /// - Parameters:
    ///   - quantization: ranges and width of the activations; its weight bits are not looked at.
    ///   - byteBudget: most that `ParameterLayout.weightByteCount` may come to.
    ///   - indices: samples to measure on, real or synthetic; labels do not matter.
    /// - Throws: as `Trainer.logits`; `.invalidCompaction` where even few bits everywhere do not fit.
    public func choose(
        _ trainer: Trainer, parameters: [Float], quantization: FakeQuantization, byteBudget: Int, on set: TrainingSet,
        indices: [Int]
    ) throws(TrainingError) -> Choice {
        guard (2...8).contains(highBits), (2..<highBits).contains(lowBits) else {
            throw .invalidQuantization("weights have 2 to 8 bits; \(lowBits) is not below \(highBits)")
        }
        let entries = trainer.layout.entries.filter { $0.kind == .weight }
        let expected = try trainer.logits(parameters: parameters, on: set, indices: indices)
        var sensitivities: [Double] = []
        for tensor in entries.indices {
            var trial = quantization
            trial.layerWeightBits = entries.indices.map { $0 == tensor ? lowBits : highBits }
            let actual = try trainer.logits(
                parameters: parameters, quantization: trial, on: set, indices: indices)
            sensitivities.append(LogitDivergence.mean(expected, actual, classes: trainer.spec.classCount))
        }
        var bits = [Int](repeating: highBits, count: entries.count)
        let order = entries.indices.sorted {
            sensitivities[$0] / Double(entries[$0].count) < sensitivities[$1] / Double(entries[$1].count)
        }
        var byteCount = trainer.layout.weightByteCount(bits: bits)
        for tensor in order where byteCount > byteBudget {
            bits[tensor] = lowBits
            byteCount = trainer.layout.weightByteCount(bits: bits)
        }
        guard byteCount <= byteBudget else {
            throw .invalidCompaction("weights of \(lowBits) bits take \(byteCount) bytes; the budget is \(byteBudget)")
        }
        // What the last change left over may be enough to give a small layer its bits back.
        for tensor in order.reversed() where bits[tensor] == lowBits {
            bits[tensor] = highBits
            let trial = trainer.layout.weightByteCount(bits: bits)
            if trial <= byteBudget { byteCount = trial } else { bits[tensor] = lowBits }
        }
        return Choice(layerWeightBits: bits, sensitivities: sensitivities, byteCount: byteCount)
    }
}

extension ParameterLayout {
    /// Bytes that the model's numbers take on a device: weights packed in their bits row by row, a Float scale for each
    /// output channel, and an Int32 for each element of a vector. Statistics go into these when batch norm is folded.
    ///
    /// - Parameter bits: one per weight tensor, in order.
    public func weightByteCount(bits: [Int]) -> Int {
        var widths = bits.makeIterator()
        return entries.reduce(0) { sum, entry in
            switch entry.kind {
            case .weight:
                let width = widths.next() ?? 8
                return sum + entry.rowCount * ((entry.columnCount * width + 7) / 8 + 4)
            case .vector: return sum + 4 * entry.count
            case .statistic: return sum
            }
        }
    }
}
