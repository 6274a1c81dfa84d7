import Tensors

/// Decides by seed what becomes of messages: when they arrive, how often, or never.
///
/// It holds no messages itself; a simulation asks it for the times of arrival and delivers on its own queue.
public struct FaultyNetwork<Address: Hashable & Sendable>: Sendable {
    /// How bad the network is.
    public struct Faults: Hashable, Sendable {
        /// Part of the messages that never arrive, 0–1.
        public var dropped: Double
        /// Part of the messages that arrive twice, 0–1.
        public var duplicated: Double
        /// Longest time under way; each message draws its own.
        public var delay: Duration
        /// Whether a message may overtake an earlier one of the same pair.
        public var reorders: Bool

        /// Makes the value from its fields; by default nothing goes wrong.
        public init(
            dropped: Double = 0, duplicated: Double = 0, delay: Duration = .milliseconds(1), reorders: Bool = false
        ) {
            self.dropped = dropped
            self.duplicated = duplicated
            self.delay = delay
            self.reorders = reorders
        }
    }

    private struct Pair: Hashable {
        var from: Address
        var to: Address
    }

    /// How bad the network is; may change at any time.
    public var faults: Faults
    private var random: SeededRandom
    private var latest: [Pair: Duration] = [:]
    private var cutOff: Set<Address> = []

    /// Makes a network whose every decision follows from the seed.
    public init(faults: Faults, seed: Seed) {
        self.faults = faults
        random = SeededRandom(seed)
    }

    /// Cuts an address off: nothing from it or to it arrives until it is healed.
    public mutating func cut(_ address: Address) { cutOff.insert(address) }

    /// Connects an address again.
    public mutating func heal(_ address: Address) { cutOff.remove(address) }

    /// Whether an address is cut off.
    public func isCut(_ address: Address) -> Bool { cutOff.contains(address) }

    /// When a message that is sent now arrives: no time, one, or two.
    public mutating func arrivals(from: Address, to: Address, at now: Duration) -> [Duration] {
        let isLost = random.unitDouble() < faults.dropped
        let copies = random.unitDouble() < faults.duplicated ? 2 : 1
        guard !isLost, !cutOff.contains(from), !cutOff.contains(to) else { return [] }
        return (0..<copies).map { _ in
            let pair = Pair(from: from, to: to)
            var arrival = now + faults.delay * random.unitDouble()
            if !faults.reorders, let last = latest[pair] { arrival = max(arrival, last) }
            latest[pair] = max(arrival, latest[pair] ?? .zero)
            return arrival
        }
    }
}
