import Messages
import Reporting

/// Watches the messages of one attempt at a round: who was asked when, who answered when, and what it took.
///
/// Memory is a few numbers per client and is given back when the attempt is closed.
struct RoundTrace {
    private struct Exchange {
        var asked: Duration?
        var answered: Duration?
        var outcome: ClientRound.Outcome?
        var legs: [WireLeg] = []
    }

    private var exchanges: [Int: Exchange] = [:]
    /// Announcements and chunks of the attempt, each once.
    private var shared: Set<[[UInt8]]> = []
    /// Bytes of announcements and chunks that another client had been sent before, bit for bit: what a radio with
    /// multicast would not have to send again.
    private(set) var repeatedByteCount = 0

    /// Takes note of a message to a client.
    mutating func record(_ message: CoordinatorMessage, frames: [[UInt8]], client: Int?, at time: Duration) {
        guard let client else { return }
        switch message {
        case .announcement, .chunk:
            if !shared.insert(frames).inserted { repeatedByteCount += Self.cost(frames) }
        default: break
        }
        switch message {
        case .announcement:
            // An announcement is repeated to a client that came back; the time counts from the first one.
            if exchanges[client]?.asked == nil { exchanges[client] = Exchange(asked: time) }
        case .receipt(let receipt): end(client, receipt.outcome == .accepted ? .accepted : .rejected, at: time)
        default: break
        }
        exchanges[client]?.legs.append(isUp: false, byteCount: Self.cost(frames))
    }

    /// Takes note of a message from a client.
    mutating func record(_ message: ClientMessage, frames: [[UInt8]], client: Int?, at time: Duration) {
        guard let client else { return }
        exchanges[client]?.legs.append(isUp: true, byteCount: Self.cost(frames))
        if case .decline = message { end(client, .declined, at: time) }
    }

    /// What the clients of a cohort did; their trace starts anew.
    mutating func close(cohort: [Int], participants: [Int]) -> [ClientRound] {
        // In buffered rounds others are still at work.
        defer {
            for number in cohort { exchanges[number] = nil }
            shared = []
            repeatedByteCount = 0
        }
        let counted = Set(participants)
        return cohort.map { number in
            let exchange = exchanges[number]
            let outcome = counted.contains(number) ? .accepted : exchange?.outcome ?? .late
            let seconds = exchange?.asked.flatMap { asked in
                exchange?.answered.map { ($0 - asked) / .seconds(1) }
            }
            return ClientRound(
                client: number, outcome: outcome, seconds: outcome == .late ? nil : seconds,
                legs: exchange?.legs ?? [])
        }
    }

    /// The first answer is the one that counts: repeats get a receipt as well.
    private mutating func end(_ client: Int, _ outcome: ClientRound.Outcome, at time: Duration) {
        guard exchanges[client]?.answered == nil else { return }
        exchanges[client]?.answered = time
        exchanges[client]?.outcome = outcome
    }

    private static func cost(_ frames: [[UInt8]]) -> Int { frames.reduce(0) { $0 + WireCost.frame($1.count) } }
}
