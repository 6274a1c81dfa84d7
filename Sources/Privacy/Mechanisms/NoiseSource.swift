/// The share of noise that one client adds to its own integers, so that only a sum of many is noisy enough.
///
/// Each client draws for itself; the coordinator never knows a share. `DistributedNoise.clientCount` is the fewest
/// honest clients that may survive the round: every one draws so much that these alone reach the promised deviation.
public struct NoiseSource: Sendable {
    /// Which integers are drawn.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// Discrete Gaussians, whose sum is nearly one (Kairouz, Liu and Steinke 2021, arXiv:2102.06387).
        case discreteGaussian = "ddgauss"
        /// Skellam, whose sum is Skellam.
        case skellam
    }

    private enum Sampler: Sendable {
        case discreteGaussian(DiscreteGaussian)
        case skellam(SkellamNoise)
    }

    private let sampler: Sampler

    /// Noise of one client as `noise` describes it.
    ///
    /// - Throws: `PrivacyError.deviationOutOfRange` when a share is too small or too large to be drawn.
    public init(_ kind: Kind, share noise: DistributedNoise) throws(PrivacyError) {
        let deviation = noise.localDeviation
        switch kind {
        case .discreteGaussian: sampler = .discreteGaussian(try DiscreteGaussian(deviation: deviation))
        case .skellam: sampler = .skellam(try SkellamNoise(variance: deviation * deviation))
        }
    }

    /// Adds one draw to each integer. Overflow wraps, as the masked sum does.
    public func add<Value: FixedWidthInteger & SignedInteger>(
        to vector: inout [Value], using random: inout some RandomNumberGenerator
    ) {
        for index in vector.indices { vector[index] &+= Value(truncatingIfNeeded: sample(using: &random)) }
    }

    private func sample(using random: inout some RandomNumberGenerator) -> Int64 {
        switch sampler {
        case .discreteGaussian(let gaussian): gaussian.sample(using: &random)
        case .skellam(let skellam): skellam.sample(using: &random)
        }
    }
}

extension DistributedNoise {
    /// Standard deviation of one client's share, in integers.
    public var localDeviation: Double { centralDeviation * scale / Double(clientCount).squareRoot() }
}
