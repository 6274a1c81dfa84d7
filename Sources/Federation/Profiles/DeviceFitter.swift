/// Decides which form of a model a device gets, and says what it will cost there.
public struct DeviceFitter: Sendable {
    private let device: DeviceProfile
    private let radio: RadioProfile?
    private let limits: FitLimits

    /// Prepares the choice for a device and, where it has one, its link.
    public init(device: DeviceProfile, radio: RadioProfile? = nil, limits: FitLimits = FitLimits()) {
        self.device = device
        self.radio = radio
        self.limits = limits
    }

    /// How one variant fits.
    ///
    /// - Parameter traffic: what training sends; nil leaves training out.
    public func report(_ variant: ModelVariant, traffic: TrainingTraffic? = nil) -> FitReport {
        let cost = variant.cost
        let time = device.inferenceMilliseconds(cost.macs)
        let delivery = radio?.transfer(variant.downloadByteCount, \.down)
        var report = FitReport(
            device: device.name, radio: radio?.name, variant: variant.name, fits: true, reasons: [],
            flashBytes: cost.flashByteCount + limits.runtimeByteCount,
            flashAvailableBytes: Int(Double(device.flashByteCount) * limits.flashShare),
            runtimeBytes: limits.runtimeByteCount, arenaBytes: cost.arenaByteCount,
            arenaAvailableBytes: Int(Double(device.ramByteCount) * limits.ramShare), macs: cost.macs.total,
            parameters: cost.parameterCount, inferenceMilliseconds: time,
            inferenceMillijoules: device.millijoules(milliseconds: time), accuracy: variant.accuracy,
            delivery: delivery, training: traffic.flatMap { comparison($0, parameterCount: cost.parameterCount) })
        report.reasons = reasons(report)
        report.fits = report.reasons.isEmpty
        return report
    }

    /// How all variants fit, the best first: those that fit before those that do not, then by accuracy (unknown last),
    /// then by energy, then by flash, then by name.
    public func ranked(_ variants: [ModelVariant], traffic: TrainingTraffic? = nil) -> [FitReport] {
        variants.map { report($0, traffic: traffic) }.sorted { first, second in
            if first.fits != second.fits { return first.fits }
            if first.accuracy != second.accuracy { return first.accuracy ?? -1 > second.accuracy ?? -1 }
            return (first.inferenceMillijoules, first.flashBytes, first.variant)
                < (second.inferenceMillijoules, second.flashBytes, second.variant)
        }
    }

    private func reasons(_ report: FitReport) -> [String] {
        var reasons: [String] = []
        if report.flashBytes > report.flashAvailableBytes {
            reasons.append("needs \(report.flashBytes) bytes of flash, has \(report.flashAvailableBytes)")
        }
        if report.arenaBytes > report.arenaAvailableBytes {
            reasons.append("needs \(report.arenaBytes) bytes of RAM, has \(report.arenaAvailableBytes)")
        }
        if let delivery = report.delivery, delivery.days > limits.deliveryDays {
            reasons.append(
                "delivery would take \(Int(delivery.days.rounded(.up))) days, allowed are \(limits.deliveryDays)")
        }
        return reasons
    }

    private func comparison(_ traffic: TrainingTraffic, parameterCount: Int) -> FitReport.TrainingComparison? {
        guard let radio else { return nil }
        let float = TrainingTraffic.float32(parameterCount: parameterCount, rounds: traffic.rounds)
        return FitReport.TrainingComparison(
            limitDays: limits.trainingDays, float32: training(float, over: radio), ours: training(traffic, over: radio))
    }

    /// Both directions share the days; each has its own cap.
    private func training(_ traffic: TrainingTraffic, over radio: RadioProfile) -> FitReport.Training {
        let up = radio.transfer(traffic.upByteCount, \.up)
        let down = radio.transfer(traffic.downByteCount, \.down)
        let rounds = Double(traffic.rounds)
        let airtime = (up.airtimeSeconds + down.airtimeSeconds) * rounds
        let days = max(up.days * rounds, down.days * rounds, airtime / 86400)
        return FitReport.Training(
            possible: days <= limits.trainingDays, rounds: traffic.rounds, upBytesPerRound: traffic.upByteCount,
            downBytesPerRound: traffic.downByteCount, airtimeSeconds: airtime,
            millijoules: (up.millijoules + down.millijoules + radio.connectionMillijoules) * rounds, days: days)
    }
}
