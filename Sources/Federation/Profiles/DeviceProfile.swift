/// A kind of device: what it can hold, how fast it multiplies, and what that costs.
///
/// Time and energy of an inference come from its multiplications alone, at a rate for each kind of layer, and from the
/// power of the awake device. Pools, additions and a softmax are inside these rates as far as the networks had them that
/// the rates were measured with.
public struct DeviceProfile: Hashable, Sendable {
    /// Short name, such as `stm32l4`.
    public var name: String
    /// Maker, part and core.
    public var summary: String
    /// Clock at which the rates hold, in MHz.
    public var clockMegahertz: Double
    /// Memory for data.
    public var ramByteCount: Int
    /// Memory for program and weights.
    public var flashByteCount: Int
    /// Cycles for one int8 multiply-accumulate.
    public var cyclesPerMAC: PerLayerKind<Double>
    /// Cycles for one float32 multiply-accumulate of training.
    public var floatCyclesPerMAC: Double
    /// Power of the awake device, in milliwatts.
    public var activeMilliwatts: Double

    /// Makes the value from its fields.
    public init(
        name: String, summary: String, clockMegahertz: Double, ramByteCount: Int, flashByteCount: Int,
        cyclesPerMAC: PerLayerKind<Double>, floatCyclesPerMAC: Double, activeMilliwatts: Double
    ) {
        self.name = name
        self.summary = summary
        self.clockMegahertz = clockMegahertz
        self.ramByteCount = ramByteCount
        self.flashByteCount = flashByteCount
        self.cyclesPerMAC = cyclesPerMAC
        self.floatCyclesPerMAC = floatCyclesPerMAC
        self.activeMilliwatts = activeMilliwatts
    }

    /// Time of one inference, in milliseconds.
    public func inferenceMilliseconds(_ macs: MACCount) -> Double {
        let cycles =
            Double(macs.convolution) * cyclesPerMAC.convolution + Double(macs.depthwise) * cyclesPerMAC.depthwise
            + Double(macs.dense) * cyclesPerMAC.dense
        return cycles / (clockMegahertz * 1000)
    }

    /// Time of so many float32 products, in milliseconds.
    public func trainingMilliseconds(macs: Int) -> Double {
        Double(macs) * floatCyclesPerMAC / (clockMegahertz * 1000)
    }

    /// Energy of being awake for a time, in millijoules.
    public func millijoules(milliseconds: Double) -> Double { activeMilliwatts * milliseconds / 1000 }
}
