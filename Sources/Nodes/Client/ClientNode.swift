import Federation
import Logging
import Messages
import Tensors
import Training

/// Drives a `ClientCore`: connects it to a channel, trains for it, and stores its state.
public actor ClientNode {
    enum Input: Sendable {
        case channel(ChannelEvent)
        case event(ClientEvent)
    }

    /// How a client ended.
    public enum Ending: Hashable, Sendable {
        /// The federation is complete.
        case finished(CoordinatorMessage.Finish)
        /// `stop` was called.
        case stopped
    }

    private var core: ClientCore
    private let channel: any Channel
    private let trainer: LocalTrainer
    private let stateFile: ClientStateFile?
    private let report: @Sendable (ClientReport) -> Void
    private let logger: Logger

    private let inbox = Mailbox<Input>(capacity: 256)
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now
    private var alarm = Wakeup()
    private var unwanted: Set<SessionID> = []
    private var coordinator: PeerID?
    private var ending: Result<Ending, NodeError>?

    /// Ties the parts together; nothing runs yet.
    ///
    /// - Parameters:
    ///   - core: fresh or restored.
    ///   - trainer: this client's samples and the threads that train on them.
    ///   - stateFile: nil keeps the state in memory only.
    ///   - report: called in order, from one task.
    public init(
        core: ClientCore, channel: any Channel, trainer: LocalTrainer, stateFile: ClientStateFile?, logger: Logger,
        report: @escaping @Sendable (ClientReport) -> Void = { _ in }
    ) {
        self.core = core
        self.channel = channel
        self.trainer = trainer
        self.stateFile = stateFile
        self.report = report
        self.logger = logger
    }

    /// Takes part until the federation is complete, the coordinator refuses, or `stop` is called; closes the channel.
    ///
    /// - Throws: `NodeError.refused`, `.configuration`, `.file`.
    public func run() async throws(NodeError) -> Ending {
        let reader = Task { [channel, inbox] in
            while let event = await channel.events.next() { await inbox.put(.channel(event)) }
            inbox.end()
        }
        while ending == nil, let input = await inbox.next() { await take(input) }
        alarm.cancel()
        reader.cancel()
        await channel.close()
        return try (ending ?? .success(.stopped)).get()
    }

    /// Says goodbye and ends `run`.
    public func stop() async {
        ending = ending ?? .success(.stopped)
        if let coordinator { try? await channel.send(FramedMessage(ClientMessage.goodbye).frames(), to: coordinator) }
        inbox.end()
    }

    private var now: Duration { start.duration(to: clock.now) }

    private func take(_ input: Input) async {
        switch input {
        case .event(let event): await handle(event)
        case .channel(.connected(let peer)):
            coordinator = peer
            await handle(.connected(peer))
        case .channel(.disconnected(let peer)): await handle(.disconnected(peer))
        case .channel(.received(let peer, let frames)): await handle(.received(peer, frames: frames))
        case .channel(.overhead): break
        }
    }

    private func handle(_ event: ClientEvent) async {
        for effect in core.handle(event, at: now) where ending == nil { await perform(effect) }
    }

    private func perform(_ effect: ClientEffect) async {
        switch effect {
        case .send(let frames): await send(frames)
        case .prepare(let parameters): await handle(await trainer.prepare(parameters))
        case .train(let task): train(task)
        case .cancelTraining(let session): unwanted.insert(session)
        case .persist(let state): persist(state)
        case .wake(let time): alarm.set(at: start.advanced(by: time)) { [inbox] in await inbox.put(.event(.tick)) }
        case .report(let news): report(news)
        case .finished(let finish): ending = .success(.finished(finish))
        case .refused(let reason, let detail):
            ending = .failure(.refused("the coordinator refuses this client (\(reason.rawValue)): \(detail)"))
        case .failed(let cause): ending = .failure(.configuration(cause))
        }
    }

    private func send(_ frames: [[UInt8]]) async {
        guard let coordinator else { return }
        do {
            try await channel.send(frames, to: coordinator)
        } catch {
            logger.debug("not sent", metadata: ["cause": "\(error)"])
        }
    }

    private func train(_ task: TrainingTask) {
        Task { [inbox, trainer] in
            let wanted: @Sendable () async -> Bool = { [weak self] in await self?.wants(task.session) ?? false }
            await inbox.put(.event(await trainer.train(task, while: wanted)))
        }
    }

    private func wants(_ session: SessionID) -> Bool { unwanted.remove(session) == nil }

    private func persist(_ state: ClientState) {
        do {
            try stateFile?.write(state)
        } catch {
            // A lost state costs a download and a residual, never the run.
            logger.warning("state not stored", metadata: ["cause": "\(error)"])
        }
    }
}
