/// A radio link: rates, frames, energy and what a day allows.
public struct RadioProfile: Hashable, Sendable {
    /// One direction of a link.
    public struct Direction: Hashable, Sendable {
        /// Bits per second while a frame is in the air.
        public var bitsPerSecond: Double
        /// Energy of the device for a KiB of payload, in millijoules.
        public var millijoulesPerKiB: Double
        /// Most payload of one day; nil: as much as time allows.
        public var dailyByteCount: Int?

        /// Makes the value from its fields.
        public init(bitsPerSecond: Double, millijoulesPerKiB: Double, dailyByteCount: Int? = nil) {
            self.bitsPerSecond = bitsPerSecond
            self.millijoulesPerKiB = millijoulesPerKiB
            self.dailyByteCount = dailyByteCount
        }
    }

    /// Short name, such as `lora-sf7`.
    public var name: String
    /// What the link is and under which rules.
    public var summary: String
    /// Most payload of one frame.
    public var payloadByteCount: Int
    /// Bytes that each frame carries besides.
    public var frameOverheadByteCount: Int
    /// Energy of getting onto the network once, in millijoules.
    public var connectionMillijoules: Double
    /// From the device.
    public var up: Direction
    /// To the device.
    public var down: Direction

    /// Makes the value from its fields.
    public init(
        name: String, summary: String, payloadByteCount: Int, frameOverheadByteCount: Int,
        connectionMillijoules: Double = 0, up: Direction, down: Direction
    ) {
        self.name = name
        self.summary = summary
        self.payloadByteCount = payloadByteCount
        self.frameOverheadByteCount = frameOverheadByteCount
        self.connectionMillijoules = connectionMillijoules
        self.up = up
        self.down = down
    }

    /// What sending so many bytes over one direction takes.
    public func transfer(_ byteCount: Int, _ direction: KeyPath<RadioProfile, Direction>) -> RadioTransfer {
        let way = self[keyPath: direction]
        let frames = (byteCount + payloadByteCount - 1) / payloadByteCount
        let seconds = Double((byteCount + frames * frameOverheadByteCount) * 8) / way.bitsPerSecond
        let days = max(seconds / 86400, way.dailyByteCount.map { Double(byteCount) / Double($0) } ?? 0)
        return RadioTransfer(
            byteCount: byteCount, frames: frames, airtimeSeconds: seconds,
            millijoules: Double(byteCount) / 1024 * way.millijoulesPerKiB, days: days)
    }
}

/// What sending some bytes takes.
public struct RadioTransfer: Hashable, Codable, Sendable {
    /// Payload.
    public var byteCount: Int
    /// Frames that carry it.
    public var frames: Int
    /// Time in the air.
    public var airtimeSeconds: Double
    /// Energy of the device.
    public var millijoules: Double
    /// Days until everything is through, under the daily cap or, without one, at full rate.
    public var days: Double
}
