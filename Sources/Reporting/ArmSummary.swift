/// The result of one arm.
public struct ArmSummary: Hashable, Codable, Sendable {
    /// Name of the arm.
    public var name: String
    /// Rounds that were completed.
    public var rounds: Int
    /// Clients of the federation.
    public var clients: Int
    /// Parameters of the model.
    public var parameters: Int
    /// Accuracy of the float master after the last round, fraction in 0...1; nil when it was never evaluated.
    @ExplicitNull public var finalAccuracy: Double?
    /// Accuracy of the int8 model as clients receive it, fraction in 0...1; nil when it was never evaluated.
    @ExplicitNull public var int8Accuracy: Double?
    /// BLAKE2b-256 of the last model as clients receive it (the int8 lattice, or the float master with `down: float32`), in
    /// hexadecimal.
    public var modelHash: String
    /// Privacy spent; nil without differential privacy.
    @ExplicitNull public var epsilon: Double?
    /// From the first announcement to the end of the last round, in seconds.
    public var wallSeconds: Double
    /// Largest resident memory of the coordinator's process, in bytes.
    public var peakRSSBytes: Int
    /// Every byte on the connections.
    public var wire: WireSummary
    /// All rounds on the links of the scenario, in seconds, training not included; nil without links.
    @ExplicitNull public var linkSeconds: Double?
    /// What `wire.downBytes` would be if messages of the model that are the same for several clients were multicast,
    /// computed and not sent; nil in files from before there was this key.
    @ExplicitNull public var multicastDownBytes: Int?
    /// The arm as the scenario had it, every setting filled in, as YAML; nil in files from before there was this key.
    @ExplicitNull public var configuration: String?
    /// BLAKE2b-256 of `configuration`, in hexadecimal.
    @ExplicitNull public var configurationHash: String?
    /// What the run took of each kind of device; nil where the scenario names no devices.
    @ExplicitNull public var devices: [DeviceSummary]?
    /// One entry per round, in order.
    public var roundsLog: [RoundLog]

    /// Makes the value from its fields.
    public init(
        name: String, rounds: Int, clients: Int, parameters: Int, finalAccuracy: Double?, int8Accuracy: Double?,
        modelHash: String, epsilon: Double? = nil, wallSeconds: Double, peakRSSBytes: Int, wire: WireSummary,
        configuration: String? = nil, configurationHash: String? = nil,
        devices: [DeviceSummary]? = nil, roundsLog: [RoundLog]
    ) {
        self.name = name
        self.rounds = rounds
        self.clients = clients
        self.parameters = parameters
        self.finalAccuracy = finalAccuracy
        self.int8Accuracy = int8Accuracy
        self.modelHash = modelHash
        self.epsilon = epsilon
        self.wallSeconds = wallSeconds
        self.peakRSSBytes = peakRSSBytes
        self.wire = wire
        let timed = roundsLog.compactMap(\.linkSeconds)
        linkSeconds = timed.isEmpty ? nil : timed.reduce(0, +)
        let shared = roundsLog.compactMap { log in log.multicastDownBytes.map { log.downBytes - $0 } }
        multicastDownBytes = shared.isEmpty ? nil : wire.downBytes - shared.reduce(0, +)
        self.configuration = configuration
        self.configurationHash = configurationHash
        self.devices = devices
        self.roundsLog = roundsLog
    }

    private enum CodingKeys: String, CodingKey {
        case name, rounds, clients, parameters, epsilon, wire, configuration, devices
        case finalAccuracy = "final_accuracy"
        case int8Accuracy = "int8_accuracy"
        case modelHash = "model_hash"
        case wallSeconds = "wall_seconds"
        case peakRSSBytes = "peak_rss_bytes"
        case linkSeconds = "link_seconds"
        case multicastDownBytes = "multicast_down_bytes"
        case configurationHash = "configuration_hash"
        case roundsLog = "rounds_log"
    }
}
