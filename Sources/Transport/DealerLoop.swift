import Messages

/// The thread of a `DealerGroup`: the only user of its sockets.
final class DealerLoop {
    private let settings: TransportSettings
    private let inbox: DealerInbox
    private let context: ZMQContext
    private let poller: Poller
    private var links: [UInt64: DealerLink] = [:]
    /// Links that must be served again without waiting for anything.
    private var eager: Set<UInt64> = []

    init(settings: TransportSettings, inbox: DealerInbox) throws(TransportError) {
        context = try ZMQContext(ioThreads: settings.ioThreads)
        poller = try Poller(inbox.wake)
        self.settings = settings
        self.inbox = inbox
    }

    /// Serves until the group is closed.
    func run() {
        let clock = ContinuousClock()
        var nextLook = clock.now
        while true {
            let rest = (nextLook - clock.now).milliseconds
            let tokens = poller.wait(milliseconds: eager.isEmpty ? max(0, rest) : 0)
            let (added, touched) = inbox.take()
            for entry in added { links[entry.id] = DealerLink(entry, settings, context) }
            let closing = inbox.outbox.take().closing
            let now = clock.now
            let everyone = now >= nextLook || closing
            let ready =
                everyone
                ? Set(links.keys) : eager.union(touched).union(tokens.map { $0 / 2 }).union(added.map(\.id))
            eager = []
            for id in ready { serve(id, now, closing) }
            if everyone {
                let due = links.values.map(\.nextDeadline).min() ?? now + .seconds(1)
                nextLook = closing ? now + .milliseconds(5) : min(due, now + .seconds(1))
            } else {
                nextLook = ready.compactMap { links[$0]?.nextDeadline }.reduce(nextLook, min)
            }
            if closing && links.isEmpty { break }
        }
    }

    private func serve(_ id: UInt64, _ now: ContinuousClock.Instant, _ closing: Bool) {
        guard let link = links[id] else { return }
        if closing { link.close() }
        switch link.serve(now, poller) {
        case .idle: break
        case .eager: eager.insert(id)
        case .finished:
            links[id] = nil
            link.finish()
        }
    }
}
