import Foundation

/// What a transform codec aims at and which tools it may use.
public struct TransformOptions: Hashable, Sendable {
    /// The point on the rate–distortion curve that the encoder looks for.
    public enum Target: Hashable, Sendable {
        /// ‖x − x̂‖² / ‖x‖², within 2 % below the given value; 0 < value ≤ 1.
        case nmse(Double)
        /// At most so many bytes, header included, and as little error as they buy.
        case bytes(Int)
    }

    /// What the encoder looks for.
    public var target: Target
    /// Most bits per parameter of what is encoded for a target error; an update that would take more is encoded for these
    /// bits instead, whatever its error. Nil: no limit.
    public var cap: Double?
    /// The largest NMSE that the cap may cause: an update that would lose more is encoded for this error, beyond the cap.
    /// Half of the energy takes half a bit per parameter at most where values are independent and normal, by
    /// R = ½ log₂(1/D). Nil: the cap holds, whatever is lost.
    public var worst: Double?
    /// Whether tensors may be described by products of factors.
    public var allowsFactors: Bool
    /// Which tensors may be sent value by value.
    public enum GridUse: Hashable, Sendable {
        /// Any tensor, and what factors leave behind.
        case everywhere
        /// Only vectors and statistics, which have no factors.
        case vectorsOnly
    }

    /// Which tensors may be sent value by value.
    public var gridUse: GridUse
    /// Whether each decoded tensor is stretched so that ⟨x, x̂⟩ = ⟨x, x⟩, at the price of a larger error.
    public var isUnbiased: Bool
    /// Where target and cap move to; nil: they stay.
    public var schedule: Schedule?

    /// A target and a cap that move over the first rounds, by the same factor from each round to the next. What is decoded
    /// does not hang on them.
    public struct Schedule: Hashable, Sendable {
        /// The target error after these rounds, above 0 up to 1; nil: it stays.
        public var nmse: Double?
        /// The cap after them, above 0; nil: it stays.
        public var cap: Double?
        /// Their number, 1 or more.
        public var rounds: Int

        /// Makes the value from its fields.
        public init(nmse: Double? = nil, cap: Double? = nil, rounds: Int) {
            self.nmse = nmse
            self.cap = cap
            self.rounds = rounds
        }
    }

    /// The options in one round, 1 or more; without a schedule of their own.
    ///
    /// - Parameter energyShare: energy of what is encoded over the energy that the target error is a part of.
    func inRound(_ round: Int, energyShare: Double) -> TransformOptions {
        var options = self
        options.schedule = nil
        if let schedule {
            let way = min(1, Double(max(0, round - 1)) / Double(max(1, schedule.rounds)))
            if case .nmse(let first) = target, let last = schedule.nmse {
                options.target = .nmse(first * pow(last / first, way))
            }
            if let first = cap, let last = schedule.cap { options.cap = first * pow(last / first, way) }
        }
        if case .nmse(let wanted) = options.target { options.target = .nmse(min(1, wanted / energyShare)) }
        options.worst = worst.map { min(1, $0 / energyShare) }
        return options
    }

    /// Makes options; by default every tool is allowed.
    public init(
        target: Target, cap: Double? = nil, allowsFactors: Bool = true, gridUse: GridUse = .everywhere,
        isUnbiased: Bool = false
    ) {
        self.target = target
        self.cap = cap
        self.allowsFactors = allowsFactors
        self.gridUse = gridUse
        self.isUnbiased = isUnbiased
    }

    /// Bytes that the cap leaves for an update of so many parameters, never fewer than a quarter of a kilobyte: a message
    /// costs more than that. Nil: no cap.
    func cappedByteCount(parameterCount: Int) -> Int? {
        cap.map { max(256, Int($0 * Double(parameterCount) / 8)) }
    }
}
