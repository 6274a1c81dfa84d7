import Messages

/// Every byte of a federation's connections, by direction, kind and client.
///
/// A frame costs what `WireCost.frame` says, so framing and encryption are included; handshakes and heartbeats come
/// from the channel as `WireOverhead`. Recording is O(1); memory is one row of counters per client.
public struct ByteLedger: Hashable, Sendable {
    private typealias Row = [WireByteCount]
    private static let emptyRow = Row(repeating: .zero, count: WireKind.allCases.count)

    /// Number of counters by client; key nil: peers that are no client yet, such as failed handshakes.
    private var rows: [Int?: Row] = [:]
    private var totals = emptyRow

    /// Starts at zero.
    public init() {}

    /// Puts back what `entries` gave; entries of one client and kind add up.
    public init(entries: some Sequence<Entry>) {
        for entry in entries { add(entry.byteCount, kind: entry.kind, client: entry.client) }
    }

    // MARK: Recording

    /// Counts a message that came from a client.
    ///
    /// - Parameters:
    ///   - frames: as they were on the wire: the control frame, then the payload if there is one.
    ///   - client: number in the roster, or nil for a peer that has none yet.
    public mutating func record(_ message: ClientMessage, frames: [[UInt8]], client: Int?) {
        let parts = parts(frames, ownByteCount: message.needsPayload ? message.encoded().count : nil)
        add(WireByteCount(up: parts.control, down: 0), kind: WireKind(message), client: client)
        add(WireByteCount(up: parts.payload, down: 0), kind: .updatePayload, client: client)
    }

    /// Counts a message that was sent to a client; parameters as above.
    public mutating func record(_ message: CoordinatorMessage, frames: [[UInt8]], client: Int?) {
        let parts = parts(frames, ownByteCount: message.needsPayload ? message.encoded().count : nil)
        add(WireByteCount(up: 0, down: parts.control), kind: WireKind(message), client: client)
        add(WireByteCount(up: 0, down: parts.payload), kind: .modelPayload, client: client)
    }

    /// What a message costs, and what of it its payload: a frame of its own, or its share of the first.
    ///
    /// - Parameter ownByteCount: of the control frame without a payload in it; nil for messages that have none.
    private func parts(_ frames: [[UInt8]], ownByteCount: Int?) -> (control: Int, payload: Int) {
        let costs = frames.map { WireCost.frame($0.count) }
        let total = costs.reduce(0, +)
        guard frames.count == 1, let ownByteCount else { return (costs.first ?? 0, total - (costs.first ?? 0)) }
        let control = min(total, WireCost.frame(ownByteCount))
        return (control, total - control)
    }

    /// Counts frames that came from a peer and are no message.
    public mutating func record(malformed frames: [[UInt8]], client: Int?) {
        for frame in frames {
            add(WireByteCount(up: WireCost.frame(frame.count), down: 0), kind: .malformed, client: client)
        }
    }

    /// Counts bytes that the connection itself cost.
    public mutating func record(_ overhead: WireOverhead, client: Int?) {
        add(
            WireByteCount(up: overhead.upByteCount, down: overhead.downByteCount), kind: WireKind(overhead.kind),
            client: client)
    }

    /// Adds the counts of another ledger, for example of a worker process.
    public mutating func merge(_ other: ByteLedger) {
        for entry in other.entries { add(entry.byteCount, kind: entry.kind, client: entry.client) }
    }

    private mutating func add(_ byteCount: WireByteCount, kind: WireKind, client: Int?) {
        guard byteCount != .zero else { return }
        rows[client, default: Self.emptyRow][kind.index] += byteCount
        totals[kind.index] += byteCount
    }

    // MARK: Reading

    /// Everything.
    public var total: WireByteCount { totals.reduce(.zero, +) }

    /// Everything of one kind.
    public func total(_ kind: WireKind) -> WireByteCount { totals[kind.index] }

    /// Everything of one client, or, for nil, of peers that are no client.
    public func total(client: Int?) -> WireByteCount { rows[client]?.reduce(.zero, +) ?? .zero }

    /// One kind of one client.
    public func total(_ kind: WireKind, client: Int?) -> WireByteCount { rows[client]?[kind.index] ?? .zero }

    /// Numbers of the clients that have cost any byte, in order.
    public var clients: [Int] { rows.keys.compactMap { $0 }.sorted() }

    /// Totals of the kinds that occurred, in the order of `WireKind`.
    public var byKind: [(kind: WireKind, byteCount: WireByteCount)] {
        zip(WireKind.allCases, totals).filter { $0.1 != .zero }.map { (kind: $0.0, byteCount: $0.1) }
    }

    /// What was counted since `earlier`, a former copy of this ledger: the bytes of a round.
    public func since(_ earlier: ByteLedger) -> ByteLedger {
        var difference = ByteLedger()
        for (client, row) in rows {
            let before = earlier.rows[client] ?? Self.emptyRow
            for (index, kind) in WireKind.allCases.enumerated() {
                difference.add(row[index] - before[index], kind: kind, client: client)
            }
        }
        return difference
    }
}
