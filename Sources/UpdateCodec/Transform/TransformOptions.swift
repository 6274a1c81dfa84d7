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
