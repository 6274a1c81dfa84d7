import Messages

/// Hands events to a mailbox and keeps, in order, those that it has no room for.
struct EventQueue {
    private let mailbox: Mailbox<ChannelEvent>
    private var waiting = Queue<ChannelEvent>()

    init(_ mailbox: Mailbox<ChannelEvent>) { self.mailbox = mailbox }

    /// The reader is behind: nothing more is to be read from the network.
    var isStalled: Bool { !waiting.isEmpty }

    mutating func deliver(_ event: ChannelEvent) {
        if isStalled || !mailbox.offer(event) { waiting.append(event) }
    }

    /// Tries again with what was kept.
    mutating func retry() {
        while let event = waiting.first, mailbox.offer(event) { waiting.removeFirst() }
    }
}
