/// What a run took of one kind of device.
public struct DeviceSummary: Hashable, Codable, Sendable {
    /// Name of the device, with its radio.
    public var device: String
    /// Clients of this kind that took part.
    public var clients: Int
    /// Parameters that it trains.
    public var trainedParameters: Int
    /// Most optimizer steps that it does in a round.
    public var maximumSteps: Int
    /// Mean bytes up of a client's round.
    public var upBytesPerRound: Int
    /// Mean bytes down of a client's round.
    public var downBytesPerRound: Int
    /// Mean over its clients and their rounds.
    public var perClientRound: DeviceEffort
    /// Days that the rounds of one client take under the daily caps of its radio; nil without a radio.
    @ExplicitNull public var days: Double?
    /// The same with every parameter as a float32 both ways.
    @ExplicitNull public var float32Days: Double?

    /// Makes the value from its fields.
    public init(
        device: String, clients: Int, trainedParameters: Int, maximumSteps: Int, upBytesPerRound: Int,
        downBytesPerRound: Int, perClientRound: DeviceEffort, days: Double?, float32Days: Double?
    ) {
        self.device = device
        self.clients = clients
        self.trainedParameters = trainedParameters
        self.maximumSteps = maximumSteps
        self.upBytesPerRound = upBytesPerRound
        self.downBytesPerRound = downBytesPerRound
        self.perClientRound = perClientRound
        self.days = days
        self.float32Days = float32Days
    }

    private enum CodingKeys: String, CodingKey {
        case device, clients, days
        case trainedParameters = "trained_parameters"
        case maximumSteps = "maximum_steps"
        case upBytesPerRound = "up_bytes_per_round"
        case downBytesPerRound = "down_bytes_per_round"
        case perClientRound = "per_client_round"
        case float32Days = "float32_days"
    }
}
