import Quantization

/// Smallest and largest value of an activation; contains 0, so that 0 has an integer of its own.
public struct ActivationRange: Hashable, Sendable {
    /// Smallest value, 0 or below.
    public private(set) var minimum: Float
    /// Largest value, 0 or above.
    public private(set) var maximum: Float

    /// A range that contains 0 and both ends.
    public init(minimum: Float = 0, maximum: Float = 0) {
        self.minimum = min(minimum, 0)
        self.maximum = max(maximum, 0)
    }

    /// Widens the range until it contains the values. NaN and infinity are left out.
    public mutating func include(_ values: [Float]) {
        for value in values where value.isFinite {
            if value < minimum { minimum = value }
            if value > maximum { maximum = value }
        }
    }

    /// The range that both fit into.
    public func union(_ other: ActivationRange) -> ActivationRange {
        ActivationRange(minimum: min(minimum, other.minimum), maximum: max(maximum, other.maximum))
    }

    /// Scale and zero point that spread Int8 over the range (Jacob et al. 2018, arXiv:1712.05877, §2.1).
    public var int8: (scale: Float, zeroPoint: Int32) {
        let scale = max((maximum - minimum) / 255, 1e-8)
        let zero = (-128 - minimum / scale).rounded(.toNearestOrEven)
        return (scale, Int32(max(-128, min(127, zero))))
    }
}

extension FloatNetwork {
    /// Ranges of all activations over some samples, in the order of `tensors`.
    ///
    /// - Parameter samples: each channels innermost.
    /// - Throws: `TrainingError.invalidSet` for a sample of another size.
    public func activationRanges(over samples: [[Float]]) throws(TrainingError) -> [ActivationRange] {
        var runner = FloatNetworkRunner(self)
        var ranges = [ActivationRange](repeating: ActivationRange(), count: tensors.count)
        for sample in samples {
            let activations = try runner.activations(sample)
            for index in ranges.indices { ranges[index].include(activations[index]) }
        }
        return ranges
    }
}
