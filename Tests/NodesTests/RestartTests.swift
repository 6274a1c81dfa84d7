import Federation
import Foundation
import Nodes
import Persistence
import TestSupport
import Testing

/// `kill -9` and a new start, with real processes: nothing is lost, nothing counts twice.
@Suite(.serialized, .timeLimit(.minutes(1))) struct RestartTests {
    /// When the coordinator is killed.
    enum Moment: Sendable {
        /// As soon as it has told that a round is published.
        case published(Int)
        /// When it has accepted an update of a round that cannot be complete, because a client stands still.
        case collecting(Int)
    }

    @Test(arguments: [Moment.published(1), .published(3), .collecting(2)])
    func coordinatorGoesOnFromTheLastVersion(moment: Moment) async throws {
        let federation = try SmallFederation()
        let uninterrupted = try await federation.hash(mode: "memory")
        try federation.prepare()

        let first = try federation.startCoordinator()
        let clients = try (0..<federation.clients).map { try federation.startClient($0) }
        defer { for client in clients { client.kill() } }
        let before = try await rounds(of: first, clients: clients, killedAt: moment)
        #expect(await first.ending() == -SIGKILL)

        let second = try federation.startCoordinator()
        let (version, after, finished) = try await remainder(of: second)
        #expect(await second.ending() == 0)
        #expect(finished.completed)
        #expect(finished.modelHash == uninterrupted)
        #expect(version >= before.last ?? 0)
        #expect(version < federation.rounds)
        #expect(after == Array((version + 1)...federation.rounds))
        let stored = try CoordinatorStore(path: federation.folder.path("coordinator/federation.sqlite")).rounds()
        #expect(stored.map(\.round) == Array(1...federation.rounds))
        #expect(stored.allSatisfy { $0.participants == [0, 1, 2, 3] })
        for client in clients { #expect(await client.ending() == 0) }
    }

    @Test func clientRejoinsAfterARestart() async throws {
        let federation = try SmallFederation()
        let uninterrupted = try await federation.hash(mode: "memory")
        try federation.prepare()
        let coordinator = try federation.startCoordinator()
        var clients = try (0..<federation.clients).map { try federation.startClient($0) }
        defer { for client in clients { client.kill() } }
        _ = await clients[2].line(beginning: "round 2: sent")
        clients[2].kill()
        #expect(await clients[2].ending() == -SIGKILL)
        clients[2] = try federation.startClient(2)

        let (_, rounds, finished) = try await remainder(of: coordinator)
        #expect(rounds == Array(1...federation.rounds))
        #expect(finished.completed)
        #expect(finished.modelHash == uninterrupted)
        #expect(await coordinator.ending() == 0)
        for client in clients { #expect(await client.ending() == 0) }
    }

    /// Kills the coordinator and gives the rounds that it told of.
    private func rounds(
        of coordinator: ChildProcess, clients: [ChildProcess], killedAt moment: Moment
    ) async throws -> [Int] {
        var rounds: [Int] = []
        if case .collecting(let round) = moment {
            _ = try #require(await clients[3].line(beginning: "round \(round): training"))
            _ = kill(clients[3].identifier, SIGSTOP)
            _ = try #require(await clients[0].line(beginning: "round \(round): accepted"))
            coordinator.kill()
            _ = kill(clients[3].identifier, SIGCONT)
        }
        while let event = await coordinator.event() {
            guard case .round(let progress) = event else { continue }
            rounds.append(progress.report.round)
            if case .published(let round) = moment, progress.report.round == round { coordinator.kill() }
        }
        return rounds
    }

    /// Follows a coordinator to its end: the version it begins with, the rounds it publishes, and its last word.
    private func remainder(
        of coordinator: ChildProcess
    ) async throws -> (version: Int, rounds: [Int], finished: CoordinatorProgress.Finished) {
        var version = 0
        var rounds: [Int] = []
        var finished: CoordinatorProgress.Finished?
        while let event = await coordinator.event() {
            switch event {
            case .listening(let listening): version = Int(listening.version)
            case .round(let progress) where progress.report.outcome == .published: rounds.append(progress.report.round)
            case .round: break
            case .finished(let last): finished = last
            }
        }
        return (version, rounds, try #require(finished))
    }
}
