import Federation
import Logging
import Messages
import Persistence
import Quantization
import Reporting

/// Drives a `CoordinatorCore`: feeds it what the channel, the clock and the operator say, and does what it asks for.
///
/// All events pass through one bounded queue and are handled one after the other, effects included, so what must be
/// stored is stored before anything that follows from it is sent.
public actor CoordinatorNode {
    enum Input: Sendable {
        case channel(ChannelEvent)
        case event(CoordinatorEvent)
        /// Another process has changed the roster in the store.
        case rosterTouched
    }

    private var core: CoordinatorCore
    private let channel: any Channel
    private let store: CoordinatorStore
    private let gate: RosterGate
    private let evaluator: ModelEvaluator?
    private let progress: @Sendable (CoordinatorProgress) -> Void
    private let logger: Logger

    private let inbox = Mailbox<Input>(capacity: 1024)
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now
    private var alarm = Wakeup()
    private var ledger: ByteLedger
    private var reported: ByteLedger
    private var trace = RoundTrace()
    private var finish: FinishReport?

    /// Ties the parts together; nothing runs yet.
    ///
    /// - Parameters:
    ///   - core: fresh or restored.
    ///   - store: where versions, rounds, the roster and the ledger are kept.
    ///   - gate: who may connect; kept up to date from the store.
    ///   - evaluator: nil when there is no test data; then rounds carry no accuracy.
    ///   - progress: called in order, from one task.
    public init(
        core: CoordinatorCore, channel: any Channel, store: CoordinatorStore, ledger: ByteLedger, gate: RosterGate,
        evaluator: ModelEvaluator?, logger: Logger, progress: @escaping @Sendable (CoordinatorProgress) -> Void
    ) {
        self.core = core
        self.channel = channel
        self.store = store
        self.gate = gate
        self.evaluator = evaluator
        self.progress = progress
        self.logger = logger
        self.ledger = ledger
        reported = ledger
    }

    /// Serves until the federation is complete, cannot go on, or `stop` is called; then closes the channel.
    ///
    /// - Throws: `PersistenceError` when state cannot be stored; the last published version is intact.
    public func run() async throws -> FinishReport {
        let reader = Task { [channel, inbox] in
            while let event = await channel.events.next() { await inbox.put(.channel(event)) }
        }
        let watcher = Task { await watchRoster() }
        defer {
            reader.cancel()
            watcher.cancel()
            alarm.cancel()
        }
        do {
            try await handle(.started)
            while finish == nil, let input = await inbox.next() { try await take(input) }
        } catch {
            await channel.close()
            throw error
        }
        await channel.close()
        guard let finish else { throw NodeError.incomplete("the coordinator's queue ended before the federation did") }
        return try close(finish)
    }

    /// Asks for a stop in good order; a restart goes on from the newest version.
    public nonisolated func stop() async { await inbox.put(.event(.stop)) }

    private var now: Duration { start.duration(to: clock.now) }

    private func take(_ input: Input) async throws {
        switch input {
        case .rosterTouched: try await takeOverRoster()
        case .event(let event): try await handle(event)
        case .channel(.connected(let peer)): try await handle(.connected(peer, wallSeconds: WallClock.seconds))
        case .channel(.disconnected(let peer)): try await handle(.disconnected(peer))
        case .channel(.overhead(let peer, let overhead)):
            ledger.record(overhead, client: peer.flatMap(gate.clientNumber))
        case .channel(.received(let peer, let frames)):
            count(received: frames, from: peer)
            try await handle(.received(peer, frames: frames))
        }
    }

    private func handle(_ event: CoordinatorEvent) async throws {
        for effect in core.handle(event, at: now) { try await perform(effect) }
    }

    private func perform(_ effect: CoordinatorEffect) async throws {
        switch effect {
        case .send(let frames, let peer): await send(frames, to: peer)
        case .disconnect(let peer): part(with: peer)
        case .persist(let record): try store.persist(record, ledger: ledger)
        case .keep(let release): try store.keep(release)
        case .journal(let attempt): try store.journal(attempt, ledger: ledger)
        case .enrol(let entry, let token):
            try store.enrol(entry, token: token)
            gate.replace(try store.roster())
        case .evaluate(let request): evaluate(request)
        case .report(let report): tell(report)
        case .wake(let time): alarm.set(at: start.advanced(by: time)) { [inbox] in await inbox.put(.event(.tick)) }
        case .finished(let report): finish = report
        case .warn(let text): logger.warning("\(text)")
        }
    }

    private func send(_ frames: [[UInt8]], to peer: PeerID) async {
        do {
            try await channel.send(frames, to: peer)
            if let message = try? CoordinatorMessage(decoding: frames[0]) {
                let number = gate.clientNumber(peer)
                ledger.record(message, frames: frames, client: number)
                trace.record(message, frames: frames, client: number, at: now)
            }
        } catch {
            logger.debug("not sent", metadata: ["peer": "\(peer)", "cause": "\(error)"])
        }
    }

    private func count(received frames: [[UInt8]], from peer: PeerID) {
        let number = gate.clientNumber(peer)
        if let frame = frames.first, let message = try? ClientMessage(decoding: frame) {
            ledger.record(message, frames: frames, client: number)
            trace.record(message, frames: frames, client: number, at: now)
        } else {
            ledger.record(malformed: frames, client: number)
        }
    }

    private func evaluate(_ request: EvaluationRequest) {
        guard let evaluator else { return }
        Task { [inbox] in
            let result = await evaluator.evaluate(master: request.master, int8: request.lattice.dequantized())
            await inbox.put(.event(.evaluated(version: request.version, result)))
        }
    }

    private func tell(_ report: RoundReport) {
        let round = ledger.since(reported).total
        reported = ledger
        let repeated = trace.repeatedByteCount
        progress(
            .round(
                .init(
                    report: report, roundBytes: round, totalBytes: ledger.total,
                    clients: trace.close(cohort: report.cohort, participants: report.participants),
                    repeatedByteCount: repeated)))
    }

    private func close(_ report: FinishReport) throws -> FinishReport {
        try store.keep(ledger)
        progress(
            .finished(
                .init(
                    completed: report.outcome.isSuccess, reason: report.reason, version: report.version,
                    modelHash: report.modelHash.hex, ledger: ledger.entries,
                    peakRSSBytes: PeakMemory.byteCount)))
        return report
    }

    /// Looks once a second whether an operator approved or revoked a client, which happens in another process.
    private func watchRoster() async {
        var seen = try? store.rosterChangeCount()
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard let count = try? store.rosterChangeCount(), count != seen else { continue }
            seen = count
            await inbox.put(.rosterTouched)
        }
    }

    /// Reads the roster only now, in turn with the enrolments, which change it too.
    ///
    /// The core comes before the gate: it tells those who lose their place, and it knows those who are admitted next.
    private func takeOverRoster() async throws {
        let roster = try store.roster()
        try await handle(.rosterChanged(roster))
        gate.replace(roster, keepingFormer: true)
        Task { [gate, store] in
            try? await Task.sleep(for: Self.parting)
            // Read again: somebody may have joined meanwhile.
            if let newest = try? store.roster() { gate.replace(newest) }
        }
    }

    /// Time for the last words to a peer to leave before its connection is cut, which drops what has not left.
    private static let parting = Duration.seconds(2)

    private func part(with peer: PeerID) {
        Task { [channel] in
            try? await Task.sleep(for: Self.parting)
            await channel.disconnect(peer)
        }
    }
}
