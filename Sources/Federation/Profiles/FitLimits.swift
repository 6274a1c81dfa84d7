/// What a model may take of a device and of its owner's patience.
public struct FitLimits: Hashable, Sendable {
    /// Part of the RAM that the arena may take; the rest is the application's.
    public var ramShare = 0.5
    /// Part of the flash that model and runtime may take; the rest is the application's.
    public var flashShare = 0.5
    /// Code of the integer runtime, in bytes.
    public var runtimeByteCount = 8192
    /// Longest time that the delivery of a model may take, in days.
    public var deliveryDays = 30.0
    /// Longest time that a federation may train, in days.
    public var trainingDays = 90.0

    /// The limits that hold unless someone says otherwise.
    public init() {}
}
