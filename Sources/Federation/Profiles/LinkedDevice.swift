/// A device and the link it is reached by.
public struct LinkedDevice: Hashable, Sendable {
    /// The device.
    public var device: DeviceProfile
    /// Its link; nil where deliveries are of no concern.
    public var radio: RadioProfile?

    /// Makes the value from its fields.
    public init(device: DeviceProfile, radio: RadioProfile?) {
        self.device = device
        self.radio = radio
    }

    /// `device` or `device+radio`.
    public var name: String { device.name + (radio.map { "+" + $0.name } ?? "") }
}
