/// How many times fewer bytes than the first arm another one needed for the same int8 accuracy.
public struct Savings: Hashable, Codable, Sendable {
    /// The arm that saves.
    public var arm: String
    /// The arm it is compared with.
    public var versus: String
    /// The accuracy both are measured at, fraction in 0...1.
    public var targetAccuracy: Double
    /// Bytes of `versus` divided by bytes of `arm`; nil when either arm never reached the target.
    @ExplicitNull public var upFactor: Double?
    /// As `upFactor`, from the coordinator to the clients.
    @ExplicitNull public var downFactor: Double?
    /// As `upFactor`, both directions together.
    @ExplicitNull public var totalFactor: Double?

    /// Makes the value from its fields.
    public init(
        arm: String, versus: String, targetAccuracy: Double, upFactor: Double?, downFactor: Double?,
        totalFactor: Double?
    ) {
        self.arm = arm
        self.versus = versus
        self.targetAccuracy = targetAccuracy
        self.upFactor = upFactor
        self.downFactor = downFactor
        self.totalFactor = totalFactor
    }

    /// Compares every later arm with the first one, each at the first round whose int8 accuracy is the target or more.
    public static func measure(_ arms: [ArmSummary], targetAccuracy: Double?) -> [Savings] {
        guard let targetAccuracy, let first = arms.first else { return [] }
        let baseline = first.cost(ofReaching: targetAccuracy)?.byteCount
        return arms.dropFirst().map { arm in
            let cost = arm.cost(ofReaching: targetAccuracy)?.byteCount
            return Savings(
                arm: arm.name, versus: first.name, targetAccuracy: targetAccuracy,
                upFactor: factor(baseline?.up, cost?.up), downFactor: factor(baseline?.down, cost?.down),
                totalFactor: factor(baseline?.total, cost?.total))
        }
    }

    static func factor(_ baseline: Int?, _ cost: Int?) -> Double? {
        guard let baseline, let cost, cost > 0 else { return nil }
        return Double(baseline) / Double(cost)
    }

    private enum CodingKeys: String, CodingKey {
        case arm
        case versus = "vs"
        case targetAccuracy = "target_accuracy"
        case upFactor = "up_x"
        case downFactor = "down_x"
        case totalFactor = "total_x"
    }
}

extension ArmSummary {
    /// The first round whose int8 accuracy is `target` or more, and all bytes up to its end; nil when there is none.
    public func cost(ofReaching target: Double) -> (round: Int, byteCount: WireByteCount)? {
        var byteCount = WireByteCount.zero
        for log in roundsLog {
            byteCount += log.byteCount
            if let accuracy = log.int8Accuracy, accuracy >= target { return (log.round, byteCount) }
        }
        return nil
    }
}
