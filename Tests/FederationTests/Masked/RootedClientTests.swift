import Encryption
import Federation
import Messages
import Testing

/// A client that pins a root key; its number is 3.
struct RootedClientTests {
    private static let entries = try? Fixtures.rootedRoster(5, signed: 5).entries

    private static func members(
        epoch: Int = 4, without number: Int? = nil, federation: FederationID = Fixtures.federation,
        by root: SigningKeyPair? = nil
    ) throws -> MemberList {
        let entries = try #require(entries).filter { $0.number != number }
        return try Fixtures.members(of: entries, epoch: epoch, federation: federation, by: root)
    }

    private static func bench(_ state: ClientState = ClientState()) throws -> ClientBench {
        try ClientBench(up: "masked:rank=2,bits=4", rootKey: Fixtures.rootKey(), state: state)
    }

    /// Announces a round with a roster of this hash.
    private static func announce(_ hash: Digest, to bench: inout ClientBench, round: UInt32 = 1) throws {
        var announcement = try bench.announcement(round: round)
        announcement.rosterHash = hash
        bench.receive(.announcement(announcement))
    }

    private static func sendsKeys(_ bench: ClientBench) -> Bool {
        bench.sent.contains { if case .masking(let step) = $0 { step.phase == .keys } else { false } }
    }

    private static func epoch(in bench: ClientBench) -> UInt64?? {
        for case .hello(let hello) in bench.sent { return .some(hello.rosterEpoch) }
        return nil
    }

    @Test func takesPartWithTheRosterThatTheRootHasSigned() throws {
        var bench = try Self.bench()
        let members = try Self.members()
        bench.receive(members)
        #expect(bench.rosterRefusal == nil)
        try Self.announce(members.hash, to: &bench)
        #expect(Self.sendsKeys(bench) && bench.declined == nil)
    }

    @Test func refusesARoundWithoutASignedRoster() throws {
        var bench = try Self.bench()
        try Self.announce(Fixtures.roster(5).hash, to: &bench)
        #expect(bench.declined == .roster && !Self.sendsKeys(bench))
        #expect(try #require(bench.rosterRefusal).contains("no roster that the pinned root key has signed"))
    }

    @Test func refusesARosterOfAnotherRoot() throws {
        var bench = try Self.bench()
        let forged = try Self.members(by: SigningKeyPair.generate())
        bench.receive(forged)
        #expect(try #require(bench.rosterRefusal).contains("not signed by the pinned root key"))
        #expect(bench.stored == nil)
        try Self.announce(forged.hash, to: &bench)
        #expect(bench.declined == .roster && !Self.sendsKeys(bench))
    }

    @Test func refusesARosterWithoutSignature() throws {
        var bench = try Self.bench()
        var bytes = try Self.members().encoded
        for index in 40..<104 { bytes[index] = 0 }
        bench.receive(.roster(RosterPart.parts(of: bytes)[0]))
        #expect(try #require(bench.rosterRefusal).contains("not signed by the pinned root key"))
        bench.receive(.roster(RosterPart.parts(of: Array(bytes[..<50]))[0]))
        #expect(try #require(bench.rosterRefusal).contains("damaged"))
    }

    @Test func refusesTheRosterOfAnotherFederation() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members(federation: FederationID(unchecked: [UInt8](repeating: 1, count: 16))))
        #expect(try #require(bench.rosterRefusal).contains("for this federation"))
    }

    @Test func refusesAnOlderEpochAlsoAfterARestart() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members(epoch: 4))
        let stored = try #require(bench.stored)
        bench.receive(try Self.members(epoch: 3))
        #expect(try #require(bench.rosterRefusal).contains("has epoch 3, but this client has seen epoch 4"))

        var again = try Self.bench(ClientState(decoding: stored.encoded()))
        let older = try Self.members(epoch: 3)
        again.receive(older)
        #expect(try #require(again.rosterRefusal).contains("has epoch 3, but this client has seen epoch 4"))
        try Self.announce(older.hash, to: &again)
        #expect(again.declined == .roster)
        // What was stored is still good, and a newer one is taken.
        try Self.announce(Self.members(epoch: 4).hash, to: &again, round: 2)
        #expect(Self.sendsKeys(again))
        again.receive(try Self.members(epoch: 5))
        #expect(again.rosterRefusal == nil)
    }

    @Test func refusesTwoRostersOfOneEpoch() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members(epoch: 4))
        bench.receive(try Self.members(epoch: 4, without: 0))
        #expect(try #require(bench.rosterRefusal).contains("two rosters of epoch 4"))
        bench.receive(try Self.members(epoch: 4))
        #expect(bench.rosterRefusal == nil)
    }

    @Test func refusesARoundWithAnotherRosterThanTheSignedOne() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members())
        try Self.announce(Fixtures.roster(5).hash, to: &bench)
        #expect(bench.declined == .roster && !Self.sendsKeys(bench))
        #expect(try #require(bench.rosterRefusal).contains("not run with the roster of epoch 4"))
    }

    @Test func refusesARosterWithoutItself() throws {
        var bench = try Self.bench()
        let members = try Self.members(without: 3)
        bench.receive(members)
        try Self.announce(members.hash, to: &bench)
        #expect(bench.declined == .roster)
        #expect(try #require(bench.rosterRefusal).contains("does not hold this client's keys under number 3"))
    }

    /// Another federation in between does not make an old roster new.
    @Test func remembersEpochsOverAnotherFederation() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members(epoch: 4))
        var other = bench.parameters
        other.federation = FederationID(unchecked: [UInt8](repeating: 1, count: 16))
        for parameters in [other, bench.parameters] {
            bench.receive(
                .welcome(
                    .init(
                        federation: parameters.federation, clientNumber: 3,
                        parameters: FederationParameters.packed(parameters.canonicalJSON()))))
        }
        bench.receive(try Self.members(epoch: 3))
        #expect(try #require(bench.rosterRefusal).contains("has seen epoch 4"))
    }

    @Test func greetsWithTheEpochThatItHolds() throws {
        var bench = try Self.bench()
        bench.handle(.disconnected(ClientBench.peer))
        bench.handle(.connected(ClientBench.peer))
        #expect(Self.epoch(in: bench) == .some(0))
        bench.receive(try Self.members(epoch: 4))
        let stored = try #require(bench.stored)
        bench.handle(.disconnected(ClientBench.peer))
        bench.handle(.connected(ClientBench.peer))
        #expect(Self.epoch(in: bench) == .some(4))
        // A client that pins nothing asks for no roster, and takes none, whatever it has stored.
        var open = try ClientBench(up: "masked:rank=2,bits=4", state: stored)
        open.handle(.disconnected(ClientBench.peer))
        open.handle(.connected(ClientBench.peer))
        #expect(Self.epoch(in: open) == .some(nil))
        open.receive(try Self.members(epoch: 9))
        #expect(open.stored == nil && open.rosterRefusal == nil)
    }

    @Test func otherRootThanBeforeBeginsAnew() throws {
        var bench = try Self.bench()
        bench.receive(try Self.members(epoch: 4))
        let stored = try #require(bench.stored)
        let root = SigningKeyPair.generate()
        var other = try ClientBench(
            up: "masked:rank=2,bits=4", rootKey: PublicKeyBytes(unchecked: root.publicKey), state: stored)
        try Self.announce(Self.members(epoch: 4).hash, to: &other)
        #expect(other.declined == .roster)
    }

    @Test func partsOutOfOrderAreIgnored() throws {
        var bench = try Self.bench()
        let entries = try (0..<2000).map { number in
            RosterEntry(
                number: number, name: "\(number)", transportKey: Fixtures.peer(number),
                identityKey: PublicKeyBytes(unchecked: try Fixtures.clientIdentity(number).publicKey))
        }
        let members = try Fixtures.members(of: entries, epoch: 2)
        let parts = RosterPart.parts(of: members.encoded)
        try #require(parts.count == 2)
        bench.receive(.roster(parts[1]))
        #expect(bench.stored == nil)
        bench.receive(.roster(parts[0]))
        bench.receive(.roster(parts[0]))
        #expect(bench.stored == nil)
        bench.receive(.roster(parts[1]))
        #expect(bench.stored?.rosterEpochs == [Fixtures.federation: 2])
    }
}
