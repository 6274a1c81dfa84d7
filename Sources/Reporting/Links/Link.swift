/// The connection of one client to the coordinator.
public struct Link: Hashable, Codable, Sendable {
    /// From the client to the coordinator, in thousands of bits per second; above 0.
    public var upKilobitsPerSecond: Double
    /// From the coordinator to the client, in thousands of bits per second; above 0.
    public var downKilobitsPerSecond: Double
    /// Of a packet one way, in milliseconds; 0 or more.
    public var latencyMilliseconds: Double
    /// Chance that a packet is lost on its way; 0 or more, below 1.
    public var loss: Double

    /// Makes the value from its fields.
    public init(
        upKilobitsPerSecond: Double, downKilobitsPerSecond: Double, latencyMilliseconds: Double, loss: Double
    ) {
        self.upKilobitsPerSecond = upKilobitsPerSecond
        self.downKilobitsPerSecond = downKilobitsPerSecond
        self.latencyMilliseconds = latencyMilliseconds
        self.loss = loss
    }
}
