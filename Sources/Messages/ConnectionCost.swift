/// What a connection costs besides its messages: ZMTP 3.1 (RFC 37) with CURVE (RFC 25), client DEALER, server ROUTER,
/// without routing ids. Checked against a counting proxy in the tests.
public enum ConnectionCost {
    private static let greeting = 64
    /// Short command header and body of 200 bytes.
    private static let hello = 2 + 200
    private static let welcome = 2 + 168
    /// `Socket-Type` and an empty `Identity`.
    private static let metadata = (1 + 11 + 4 + 6) + (1 + 8 + 4)
    private static let initiate = 9 + 257 + metadata
    private static let ready = 2 + 30 + metadata
    /// Name, length and the text of the status, in the clear.
    private static let error = 2 + 10

    /// A connection that was authenticated.
    public static let handshake = WireOverhead(
        kind: .handshake, upByteCount: greeting + hello + initiate, downByteCount: greeting + welcome + ready)
    /// A connection whose key was refused.
    public static let refusedHandshake = WireOverhead(
        kind: .handshake, upByteCount: greeting + hello + initiate, downByteCount: greeting + welcome + error)
    /// One `PING` of a client, with 2 bytes of time to live, and the `PONG` to it.
    public static let heartbeat = WireOverhead(
        kind: .heartbeat, upByteCount: WireCost.frame(7), downByteCount: WireCost.frame(5))
}

extension WireOverhead {
    /// What the same costs so many times.
    package func times(_ count: Int) -> WireOverhead {
        WireOverhead(kind: kind, upByteCount: upByteCount * count, downByteCount: downByteCount * count)
    }
}
