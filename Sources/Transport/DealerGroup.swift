import Foundation
import Messages
import Synchronization

/// Any number of clients in one process, each with a DEALER socket and keys of its own, served by one thread.
public final class DealerGroup: Sendable {
    private let inbox: DealerInbox
    private let settings: TransportSettings

    /// Starts the thread.
    ///
    /// - Throws: `TransportError` for invalid settings, or when the system gives no thread or files.
    public init(settings: TransportSettings = TransportSettings()) throws(TransportError) {
        try settings.validate()
        let inbox = try DealerInbox()
        let loop = try DealerLoop(settings: settings, inbox: inbox)
        self.settings = settings
        self.inbox = inbox
        SocketThread.start("swiftlet-dealers", loop, { $0.run() }) { inbox.outbox.finish() }
    }

    deinit { inbox.outbox.beginClosing() }

    /// Adds a client, which connects at once and again whenever the connection is lost.
    ///
    /// - Parameters:
    ///   - endpoint: `tcp://host:port` or `ipc://path`.
    ///   - serverKey: the coordinator's CURVE key; nothing is ever sent to anybody else.
    ///   - keys: the client's own.
    /// - Returns: the client's channel; it keeps the group alive.
    public func connect(
        to endpoint: String, serverKey: PeerID, keys: CurveKeys
    ) throws(TransportError) -> DealerChannel {
        try Endpoint.validate(endpoint)
        return DealerChannel(
            group: self, inbox: inbox, target: DealerTarget(endpoint: endpoint, serverKey: serverKey, keys: keys),
            settings: settings, ownsGroup: false)
    }

    /// A group of one, whose thread ends with its channel.
    static func single(
        _ target: DealerTarget, _ settings: TransportSettings
    ) throws(TransportError) -> DealerChannel {
        try Endpoint.validate(target.endpoint)
        let group = try DealerGroup(settings: settings)
        return DealerChannel(group: group, inbox: group.inbox, target: target, settings: settings, ownsGroup: true)
    }

    /// Closes all channels of the group, within the linger time, and ends the thread.
    public func close() async { await inbox.outbox.close() }
}

/// Where a client connects to, and as whom.
struct DealerTarget: Sendable {
    let endpoint: String
    let serverKey: PeerID
    let keys: CurveKeys
}

/// What the channels of a group hand to its thread.
final class DealerInbox: Sendable {
    struct Entry: Sendable {
        let id: UInt64
        let target: DealerTarget
        let events: Mailbox<ChannelEvent>
        let outbox: Outbox
    }

    private struct State {
        var nextID: UInt64 = 0
        var added: [Entry] = []
        var touched: Set<UInt64> = []
    }

    let wake: Wake
    /// Carries only the wish to close the group.
    let outbox: Outbox
    private let state = Mutex(State())

    init() throws(TransportError) {
        let wake = try Wake()
        self.wake = wake
        outbox = Outbox(byteLimit: 0) { wake.signal() }
    }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    func add(_ entry: Entry) {
        state.withLock { $0.added.append(entry) }
        wake.signal()
    }

    /// Something about a channel has changed.
    func touch(_ id: UInt64) {
        state.withLock { _ = $0.touched.insert(id) }
        wake.signal()
    }

    func take() -> (added: [Entry], touched: Set<UInt64>) {
        state.withLock { state in
            defer {
                state.added = []
                state.touched = []
            }
            return (state.added, state.touched)
        }
    }
}
