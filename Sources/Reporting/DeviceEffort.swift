/// What a client's part in a round takes of its device, as the profiles of device and radio estimate it, beside what the
/// same round would have taken of its radio with every parameter as a float32 both ways.
public struct DeviceEffort: Hashable, Codable, Sendable {
    /// Time in the air, both ways.
    public var airtimeSeconds: Double
    /// Energy of the radio.
    public var radioMillijoules: Double
    /// Energy of the training.
    public var trainingMillijoules: Double
    /// Time in the air with float32.
    public var float32AirtimeSeconds: Double
    /// Energy of the radio with float32.
    public var float32RadioMillijoules: Double

    /// Makes the value from its fields.
    public init(
        airtimeSeconds: Double = 0, radioMillijoules: Double = 0, trainingMillijoules: Double = 0,
        float32AirtimeSeconds: Double = 0, float32RadioMillijoules: Double = 0
    ) {
        self.airtimeSeconds = airtimeSeconds
        self.radioMillijoules = radioMillijoules
        self.trainingMillijoules = trainingMillijoules
        self.float32AirtimeSeconds = float32AirtimeSeconds
        self.float32RadioMillijoules = float32RadioMillijoules
    }

    /// Radio and training, in millijoules.
    public var millijoules: Double { radioMillijoules + trainingMillijoules }

    /// Adds what another client or round took.
    public static func += (sum: inout DeviceEffort, other: DeviceEffort) {
        sum.airtimeSeconds += other.airtimeSeconds
        sum.radioMillijoules += other.radioMillijoules
        sum.trainingMillijoules += other.trainingMillijoules
        sum.float32AirtimeSeconds += other.float32AirtimeSeconds
        sum.float32RadioMillijoules += other.float32RadioMillijoules
    }

    /// One of so many equal parts.
    public static func / (sum: DeviceEffort, count: Int) -> DeviceEffort {
        let part = 1 / Double(count)
        return DeviceEffort(
            airtimeSeconds: sum.airtimeSeconds * part, radioMillijoules: sum.radioMillijoules * part,
            trainingMillijoules: sum.trainingMillijoules * part,
            float32AirtimeSeconds: sum.float32AirtimeSeconds * part,
            float32RadioMillijoules: sum.float32RadioMillijoules * part)
    }

    private enum CodingKeys: String, CodingKey {
        case airtimeSeconds = "airtime_seconds"
        case radioMillijoules = "radio_millijoules"
        case trainingMillijoules = "training_millijoules"
        case float32AirtimeSeconds = "float32_airtime_seconds"
        case float32RadioMillijoules = "float32_radio_millijoules"
    }
}
