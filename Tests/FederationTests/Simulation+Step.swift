import Federation
import Messages
import Tensors
import TestSupport

extension Simulation {
    /// The coordinator's address in the network; clients have their numbers.
    static let coordinatorAddress = -1
    static let coordinatorPeer = Fixtures.peer(-1)

    mutating func step(_ event: Event) throws {
        switch event {
        case .toCoordinator(let client, let connection, let frames):
            guard clients[client].isConnected, clients[client].connection == connection else { return }
            try perform(coordinator.handle(.received(Fixtures.peer(client), frames: frames), at: now))
        case .toClient(let client, let connection, let frames):
            guard clients[client].isConnected, clients[client].connection == connection else { return }
            try perform(
                clients[client].core.handle(.received(Self.coordinatorPeer, frames: frames), at: now), of: client)
        case .connect(let client): try connect(client)
        case .coordinatorTick(let life):
            guard life == coordinatorLife else { return }
            try perform(coordinator.handle(.tick, at: now))
        case .clientTick(let client, let life):
            guard life == clients[client].life else { return }
            try perform(clients[client].core.handle(.tick, at: now), of: client)
        case .trained(let client, let life, let session, let result):
            guard life == clients[client].life else { return }
            try perform(clients[client].core.handle(.trained(session, result), at: now), of: client)
        case .evaluated(let life, let version):
            guard life == coordinatorLife else { return }
            let evaluation = Evaluation(accuracy: 0.5, int8Accuracy: 0.5, loss: 1)
            try perform(coordinator.handle(.evaluated(version: version, evaluation), at: now))
        }
    }

    mutating func connect(_ client: Int) throws {
        guard !clients[client].isConnected, clients[client].finish == nil else { return }
        guard !network.isCut(client) else { return schedule(.connect(client: client), after: reconnection) }
        clients[client].isConnected = true
        clients[client].connection += 1
        try perform(coordinator.handle(.connected(Fixtures.peer(client), wallSeconds: 0), at: now))
        try perform(clients[client].core.handle(.connected(Self.coordinatorPeer), at: now), of: client)
    }

    /// The connection breaks; the client comes back after a while.
    mutating func disconnect(_ client: Int) throws {
        guard clients[client].isConnected else { return }
        clients[client].isConnected = false
        schedule(.connect(client: client), after: reconnection)
        try perform(coordinator.handle(.disconnected(Fixtures.peer(client)), at: now))
        try perform(clients[client].core.handle(.disconnected(Self.coordinatorPeer), at: now), of: client)
    }

    /// The client's process dies; what it stored is all that its next run knows.
    mutating func crash(client: Int) throws {
        clients[client].life += 1
        clients[client].core = try Self.core(
            try ClientState(decoding: clients[client].stored.encoded()), seed: seed.value, number: client,
            life: clients[client].life, rootKey: configuration.rootKey)
        guard clients[client].isConnected else { return }
        clients[client].isConnected = false
        schedule(.connect(client: client), after: reconnection)
        try perform(coordinator.handle(.disconnected(Fixtures.peer(client)), at: now))
    }

    /// The coordinator's process dies and is started again with what is on its disk.
    mutating func crashCoordinator() throws {
        coordinatorLife += 1
        let record = try disk.record.map { try CoordinatorRecord(decoding: $0.encoded()) }
        coordinator = try CoordinatorCore(
            configuration: configuration,
            state: CoordinatorState(
                restoring: record, attempt: disk.attempt, roster: disk.roster, releases: disk.releases),
            identity: Fixtures.identity(), entropy: Fixtures.entropy(seed.derived("life", coordinatorLife).value))
        for client in clients.indices where clients[client].isConnected {
            clients[client].isConnected = false
            schedule(.connect(client: client), after: reconnection)
            try perform(clients[client].core.handle(.disconnected(Self.coordinatorPeer), at: now), of: client)
        }
        try perform(coordinator.handle(.started, at: now))
    }

    mutating func perform(_ effects: [CoordinatorEffect]) throws {
        for effect in effects {
            if effectCount == crashBefore {
                crashBefore = nil
                return try crashCoordinator()
            }
            effectCount += 1
            try perform(effect)
        }
    }

    private mutating func perform(_ effect: CoordinatorEffect) throws {
        switch effect {
        case .send(let frames, let peer):
            guard let client = disk.roster.entry(peer)?.number else { return }
            if case .roster = try FramedMessage<CoordinatorMessage>(frames: frames).message {
                rosterParts[client, default: 0] += 1
            }
            for arrival in network.arrivals(from: Self.coordinatorAddress, to: client, at: now) {
                let connection = clients[client].connection
                schedule(.toClient(client: client, connection: connection, frames: frames), after: arrival - now)
            }
        case .disconnect(let peer):
            if let client = disk.roster.entry(peer)?.number { try disconnect(client) }
        case .persist(let record):
            disk.record = record
            if let release = record.report.privacy { disk.releases.append(release) }
            records.append(record)
        case .keep(let release): disk.releases.append(release)
        case .journal(let attempt): disk.attempt = attempt
        case .enrol(let entry, let token): disk.roster.enrol(entry, token: token)
        case .evaluate(let request):
            evaluations.append(request)
            schedule(.evaluated(life: coordinatorLife, version: request.version), after: .milliseconds(10))
        case .report(let report): reports.append(report)
        case .wake(let time): schedule(.coordinatorTick(life: coordinatorLife), after: time - now)
        case .finished(let report): finish = report
        case .warn(let text): warnings.append(text)
        }
    }

    mutating func perform(_ effects: [ClientEffect], of client: Int) throws {
        for effect in effects {
            if clientEffectCount == clientCrashBefore {
                clientCrashBefore = nil
                return try crash(client: client)
            }
            clientEffectCount += 1
            try perform(effect, of: client)
        }
    }

    private mutating func perform(_ effect: ClientEffect, of client: Int) throws {
        let life = clients[client].life
        switch effect {
        case .send(let frames):
            for arrival in network.arrivals(from: client, to: Self.coordinatorAddress, at: now) {
                let connection = clients[client].connection
                schedule(.toCoordinator(client: client, connection: connection, frames: frames), after: arrival - now)
            }
        case .prepare(let parameters):
            let ready = ClientEvent.parametersReady(
                model.layout, initialParameters: model.initial(seed: parameters.seed))
            try perform(clients[client].core.handle(ready, at: now), of: client)
        case .train(let task):
            clients[client].trainings += 1
            schedule(
                .trained(client: client, life: life, task.session, model.train(task, client: client)),
                after: trainingTime)
        case .persist(let state): clients[client].stored = state
        case .wake(let time): schedule(.clientTick(client: client, life: life), after: time - now)
        case .finished(let finish): clients[client].finish = finish
        case .report(.refusedRoster(let why)): rosterRefusals[client, default: []].append(why)
        case .cancelTraining, .report, .refused, .failed: break
        }
    }
}
