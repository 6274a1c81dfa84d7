/// One round of an arm.
public struct RoundLog: Hashable, Codable, Sendable {
    /// Counts from 1.
    public var round: Int
    /// Accuracy of the float master, fraction in 0...1; nil when this round was not evaluated.
    @ExplicitNull public var accuracy: Double?
    /// Accuracy of the int8 model, fraction in 0...1; nil when this round was not evaluated.
    @ExplicitNull public var int8Accuracy: Double?
    /// From clients to the coordinator since the round before; round 1 includes everything before it.
    public var upBytes: Int
    /// From the coordinator to clients since the round before; round 1 includes everything before it.
    public var downBytes: Int
    /// From announcement to publication, evaluation included.
    public var seconds: Double
    /// Updates that went into the model.
    public var participants: Int
    /// Updates that were refused, late ones included.
    public var rejected: Int
    /// Of the slowest client on the links of the scenario, training not included; in buffered rounds from one version to
    /// the next. Nil without links.
    @ExplicitNull public var linkSeconds: Double?
    /// What `downBytes` would be if messages of the model that are the same for several clients were multicast, computed
    /// and not sent; nil in files from before there was this key.
    @ExplicitNull public var multicastDownBytes: Int?
    /// Privacy spent so far; nil without differential privacy.
    @ExplicitNull public var epsilon: Double?
    /// What the round took of a device, the mean over its clients; nil where the scenario names no devices.
    @ExplicitNull public var devices: DeviceEffort?

    /// Makes the value from its fields.
    public init(
        round: Int, accuracy: Double?, int8Accuracy: Double?, upBytes: Int, downBytes: Int, seconds: Double,
        participants: Int, rejected: Int, linkSeconds: Double? = nil, devices: DeviceEffort? = nil,
        epsilon: Double? = nil, multicastDownBytes: Int? = nil
    ) {
        self.round = round
        self.accuracy = accuracy
        self.int8Accuracy = int8Accuracy
        self.upBytes = upBytes
        self.downBytes = downBytes
        self.seconds = seconds
        self.participants = participants
        self.rejected = rejected
        self.linkSeconds = linkSeconds
        self.epsilon = epsilon
        self.multicastDownBytes = multicastDownBytes
        self.devices = devices
    }

    /// Both directions of this round.
    public var byteCount: WireByteCount { WireByteCount(up: upBytes, down: downBytes) }

    private enum CodingKeys: String, CodingKey {
        case round, accuracy, seconds, participants, rejected, devices, epsilon
        case int8Accuracy = "int8_accuracy"
        case upBytes = "up_bytes"
        case downBytes = "down_bytes"
        case linkSeconds = "link_seconds"
        case multicastDownBytes = "multicast_down_bytes"
    }
}
