import Messages

/// Expected time of a client's turn on its link, in seconds: the version down, the update up, so many bytes each.
public typealias TurnTime = @Sendable (_ client: Int, _ downByteCount: Int, _ upByteCount: Int) -> Double

/// The turn of one client in buffered rounds: from its announcement to its update.
struct Turn: Sendable {
    /// After it the client is given up.
    let deadline: Duration
    /// When it began, on the clock of the links.
    var began = 0.0
    /// The earliest time at which it can end, on the clock of the links.
    var earliest = 0.0
    /// When it ends, on the clock of the links, once the client's answer is there; nil before.
    var end: Double?
    /// Whether the client's answer is being taken.
    var isDue = false
}

/// The turns that are under way while no round is collected, and what came for them.
struct KeptTurns: Sendable {
    var members: [Int: Member] = [:]
    /// Clients whose uploads are being received.
    var uploading: Set<Int> = []
    /// Clients whose uploads wait, in order.
    var queue: [Int] = []
    /// Messages for these turns, in order.
    var messages: [(frames: [[UInt8]], peer: PeerID)] = []
    /// The clock of the links.
    var linkSeconds = 0.0
    /// The same when the round began.
    var roundBegan = 0.0
}
