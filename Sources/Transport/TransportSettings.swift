import Messages

/// Limits and times of a ZeroMQ channel. Coordinator and clients of a federation use the same ones.
public struct TransportSettings: Hashable, Sendable {
    /// A client pings this often; 42 bytes up and 40 down each time. Default 10 s.
    public var heartbeatInterval: Duration = .seconds(10)
    /// A peer that was silent for this long is gone; longer than the interval, at most 6,553 s. Default 30 s.
    public var heartbeatTimeout: Duration = .seconds(30)
    /// A connection that has not authenticated by then is dropped. Default 3 s.
    public var handshakeTimeout: Duration = .seconds(3)
    /// How long `close` may take to send what is waiting. Default 1 s.
    public var linger: Duration = .seconds(1)
    /// Pause before the first attempt to connect again. Default 100 ms.
    public var reconnectMinimum: Duration = .milliseconds(100)
    /// Longest pause between attempts; pauses double up to it, each shortened by up to a half at random. Default 10 s.
    public var reconnectMaximum: Duration = .seconds(10)
    /// Largest frame that is read, in bytes; a peer that sends a larger one is disconnected.
    public var frameByteCount = ProtocolLimits.payloadFrameByteCount
    /// Most frames of a message; a peer that sends more is disconnected.
    public var frameCount = ProtocolLimits.frameCount
    /// Events that a channel holds for its reader before it stops reading from the network. Default 1,024.
    public var mailboxCapacity = 1024
    /// Messages of one peer that libzmq holds in either direction. Default 16.
    public var peerMessageCount = 16
    /// Bytes that may wait to be sent to one peer; more is refused as congested. Default 64 MiB.
    public var outgoingByteCount = 64 << 20
    /// Threads that encrypt and do I/O. Default 1.
    public var ioThreads = 1

    /// The defaults.
    public init() {}

    func validate() throws(TransportError) {
        for (name, value) in [
            ("heartbeatInterval", heartbeatInterval), ("handshakeTimeout", handshakeTimeout),
            ("reconnectMinimum", reconnectMinimum), ("reconnectMaximum", reconnectMaximum),
        ] where value < .milliseconds(1) || value > .seconds(6553) {
            throw .invalidSetting(name)
        }
        guard heartbeatTimeout > heartbeatInterval, heartbeatTimeout <= .seconds(6553) else {
            throw .invalidSetting("heartbeatTimeout")
        }
        guard linger >= .zero, linger <= .seconds(600) else { throw .invalidSetting("linger") }
        guard reconnectMaximum >= reconnectMinimum else { throw .invalidSetting("reconnectMaximum") }
        for (name, value) in [
            ("frameByteCount", frameByteCount), ("frameCount", frameCount), ("mailboxCapacity", mailboxCapacity),
            ("peerMessageCount", peerMessageCount), ("outgoingByteCount", outgoingByteCount), ("ioThreads", ioThreads),
        ] where value < 1 || value > 1 << 31 {
            throw .invalidSetting(name)
        }
    }

    /// Bytes on the connection of the largest message.
    var messageCost: Int { frameCount * WireCost.frame(frameByteCount) }
}

extension Duration {
    /// Whole milliseconds, rounded up, as the C interfaces want them.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
