import Messages

/// What every `Channel` must do, checked against a coordinator's end and one client's end that is connecting to it.
public struct ChannelConformance {
    /// The ends of one connection, and how each knows the other.
    public struct Ends: Sendable {
        /// The end with many peers.
        public var coordinator: any Channel
        /// The end with one peer.
        public var client: any Channel
        /// By which the client knows the coordinator.
        public var coordinatorID: PeerID
        /// By which the coordinator knows the client.
        public var clientID: PeerID

        /// Names the ends.
        public init(
            coordinator: any Channel, client: any Channel, coordinatorID: PeerID, clientID: PeerID
        ) {
            self.coordinator = coordinator
            self.client = client
            self.coordinatorID = coordinatorID
            self.clientID = clientID
        }
    }

    /// What a channel did wrong.
    public struct Violation: Error, CustomStringConvertible {
        /// Which rule.
        public var description: String
    }

    private let ends: Ends

    /// Checks the ends once; they are closed afterwards.
    public static func check(_ ends: Ends) async throws {
        let conformance = ChannelConformance(ends: ends)
        try await conformance.connects()
        try await conformance.carriesFramesUnchanged()
        try await conformance.keepsOrder()
        try await conformance.refusesStrangers()
        try await conformance.closes()
    }

    private func require(_ condition: Bool, _ rule: String) throws {
        guard condition else { throw Violation(description: rule) }
    }

    /// The next event that is not about overhead.
    public static func nextEvent(_ channel: any Channel) async -> ChannelEvent? {
        while let event = await channel.events.next() {
            if case .overhead = event { continue }
            return event
        }
        return nil
    }

    private func connects() async throws {
        try require(
            await Self.nextEvent(ends.client) == .connected(ends.coordinatorID), "a client is told that it is connected"
        )
        try await ends.client.send([[1]], to: ends.coordinatorID)
        try require(
            await Self.nextEvent(ends.coordinator) == .connected(ends.clientID),
            "a coordinator is told of a peer before its first message")
        try require(
            await Self.nextEvent(ends.coordinator) == .received(ends.clientID, frames: [[1]]), "the message follows")
    }

    private func carriesFramesUnchanged() async throws {
        let sizes = [0, 1, 222, 223, 4095, 4096, 65_536, ProtocolLimits.payloadFrameByteCount]
        for size in sizes {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            for frames in [[payload], [[7, 8], payload]] {
                try await ends.client.send(frames, to: ends.coordinatorID)
                try require(
                    await Self.nextEvent(ends.coordinator) == .received(ends.clientID, frames: frames),
                    "\(frames.count) frames of \(size) bytes arrive at the coordinator")
                try await ends.coordinator.send(frames, to: ends.clientID)
                try require(
                    await Self.nextEvent(ends.client) == .received(ends.coordinatorID, frames: frames),
                    "\(frames.count) frames of \(size) bytes arrive at the client")
            }
        }
    }

    private func keepsOrder() async throws {
        for index in 0..<500 { try await ends.coordinator.send([number(index)], to: ends.clientID) }
        for index in 0..<500 {
            try require(
                await Self.nextEvent(ends.client) == .received(ends.coordinatorID, frames: [number(index)]),
                "message \(index) comes in its turn")
        }
    }

    private func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

    private func refusesStrangers() async throws {
        let stranger = PeerID(unchecked: [UInt8](repeating: 0xEE, count: PeerID.byteCount))
        for channel in [ends.coordinator, ends.client] {
            do {
                try await channel.send([[1]], to: stranger)
                throw Violation(description: "a stranger cannot be sent to")
            } catch ChannelError.unreachable(stranger) {}
        }
    }

    private func closes() async throws {
        try await ends.client.send([[9]], to: ends.coordinatorID)
        await ends.client.close()
        try require(
            await Self.nextEvent(ends.coordinator) == .received(ends.clientID, frames: [[9]]),
            "what was sent before closing arrives")
        try require(
            await Self.nextEvent(ends.coordinator) == .disconnected(ends.clientID),
            "a coordinator is told that a peer is gone")
        try require(await Self.nextEvent(ends.client) == nil, "the events of a closed channel end")
        do {
            try await ends.client.send([[1]], to: ends.coordinatorID)
            throw Violation(description: "a closed channel sends nothing")
        } catch ChannelError.closed {}
        do {
            try await ends.coordinator.send([[1]], to: ends.clientID)
            throw Violation(description: "a peer that is gone cannot be sent to")
        } catch ChannelError.unreachable(ends.clientID) {}
        await ends.coordinator.close()
        try require(await Self.nextEvent(ends.coordinator) == nil, "the events of a closed coordinator end")
    }
}
