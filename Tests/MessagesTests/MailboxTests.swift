import Messages
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct MailboxTests {
    @Test(arguments: [1, 2, 1000, 3000]) func keepsOrderAndRefusesWhenFull(capacity: Int) async {
        let mailbox = Mailbox<Int>(capacity: capacity)
        for value in 0..<capacity { #expect(mailbox.offer(value)) }
        #expect(!mailbox.offer(-1))
        for value in 0..<capacity { #expect(await mailbox.next() == value) }
        #expect(mailbox.offer(7))
        #expect(await mailbox.next() == 7)
    }

    @Test func tellsOnceThatThereIsRoomAgain() async {
        let mailbox = Mailbox<Int>(capacity: 2)
        let count = Mutex(0)
        mailbox.setOnSpace { count.withLock { $0 += 1 } }
        #expect(mailbox.offer(1) && mailbox.offer(2))
        _ = await mailbox.next()
        #expect(count.withLock { $0 } == 0)
        #expect(mailbox.offer(3) && !mailbox.offer(4))
        _ = await mailbox.next()
        _ = await mailbox.next()
        #expect(count.withLock { $0 } == 1)
    }

    @Test func readsToTheEnd() async {
        let mailbox = Mailbox<Int>(capacity: 2)
        #expect(mailbox.offer(1))
        mailbox.end()
        // What comes after the end is dropped, which is no reason to wait for room.
        #expect(mailbox.offer(2))
        #expect(await mailbox.next() == 1)
        #expect(await mailbox.next() == nil)
        #expect(await mailbox.next() == nil)
    }

    @Test func endsAWaitingReader() async {
        let mailbox = Mailbox<Int>(capacity: 1)
        async let waiting = mailbox.next()
        mailbox.end()
        #expect(await waiting == nil)
    }

    @Test func cancellationEndsTheWaitAndLosesNothing() async {
        let mailbox = Mailbox<Int>(capacity: 1)
        let reader = Task { await mailbox.next() }
        reader.cancel()
        #expect(await reader.value == nil)
        #expect(mailbox.offer(5))
        #expect(await mailbox.next() == 5)
    }

    @Test func manyProducersLoseNothing() async {
        let mailbox = Mailbox<Int>(capacity: 16)
        await withTaskGroup(of: Void.self) { group in
            for producer in 0..<4 {
                group.addTask {
                    for value in 0..<1000 {
                        while !mailbox.offer(producer * 1000 + value) { await Task.yield() }
                    }
                }
            }
            var seen: Set<Int> = []
            var last = [-1, -1, -1, -1]
            while seen.count < 4000, let value = await mailbox.next() {
                #expect(seen.insert(value).inserted)
                #expect(value % 1000 > last[value / 1000])
                last[value / 1000] = value % 1000
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct InMemoryChannelTests {
    @Test func conforms() async throws {
        let coordinatorID = PeerID(unchecked: [UInt8](repeating: 1, count: 32))
        let clientID = PeerID(unchecked: [UInt8](repeating: 2, count: 32))
        let network = InMemoryNetwork(coordinatorID: coordinatorID)
        try await ChannelConformance.check(
            .init(
                coordinator: network.coordinator, client: network.connect(clientID), coordinatorID: coordinatorID,
                clientID: clientID))
    }

    @Test func theNewestConnectionWins() async throws {
        let coordinatorID = PeerID(unchecked: [UInt8](repeating: 1, count: 32))
        let clientID = PeerID(unchecked: [UInt8](repeating: 2, count: 32))
        let network = InMemoryNetwork(coordinatorID: coordinatorID)
        let first = network.connect(clientID)
        let second = network.connect(clientID)
        #expect(await first.events.next() == .connected(coordinatorID))
        #expect(await first.events.next() == .disconnected(coordinatorID))
        await #expect(throws: ChannelError.unreachable(coordinatorID)) {
            try await first.send([[0]], to: coordinatorID)
        }
        try await network.coordinator.send([[1]], to: clientID)
        #expect(await second.events.next() == .connected(coordinatorID))
        #expect(await second.events.next() == .received(coordinatorID, frames: [[1]]))
        // The end of the older connection is not the end of the peer.
        await first.close()
        try await network.coordinator.send([[2]], to: clientID)
        #expect(await second.events.next() == .received(coordinatorID, frames: [[2]]))
    }

    @Test func aDisconnectedClientIsToldAndEnds() async throws {
        let coordinatorID = PeerID(unchecked: [UInt8](repeating: 1, count: 32))
        let clientID = PeerID(unchecked: [UInt8](repeating: 2, count: 32))
        let network = InMemoryNetwork(coordinatorID: coordinatorID)
        let coordinator = network.coordinator
        for endedByClient in [false, true] {
            let client = network.connect(clientID)
            if endedByClient { await client.disconnect(coordinatorID) } else { await coordinator.disconnect(clientID) }
            #expect(await client.events.next() == .connected(coordinatorID))
            #expect(await client.events.next() == .disconnected(coordinatorID))
            #expect(await client.events.next() == nil)
            #expect(await coordinator.events.next() == .overhead(clientID, ConnectionCost.handshake))
            #expect(await coordinator.events.next() == .connected(clientID))
            #expect(await coordinator.events.next() == .disconnected(clientID))
        }
    }

    @Test func clientsAreToldThatTheCoordinatorClosed() async throws {
        let coordinatorID = PeerID(unchecked: [UInt8](repeating: 1, count: 32))
        let network = InMemoryNetwork(coordinatorID: coordinatorID)
        let client = network.connect(PeerID(unchecked: [UInt8](repeating: 2, count: 32)))
        await network.coordinator.close()
        #expect(await client.events.next() == .connected(coordinatorID))
        #expect(await client.events.next() == .disconnected(coordinatorID))
        await #expect(throws: ChannelError.unreachable(coordinatorID)) {
            try await client.send([[0]], to: coordinatorID)
        }
    }
}
