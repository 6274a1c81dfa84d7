import Encryption
import Privacy
import Tensors
import Testing

/// Clients that know from elsewhere who may take part; their numbers are 0, 3, 6, …
struct MaskingMemberTests {
    private static let seed = Seed(43)

    /// A session whose client 0 insists on these members; nil: on nobody.
    private static func advertised(
        count: Int = 5, members: ([Int: [UInt8]]) -> [Int: [UInt8]]?
    ) throws -> (fixture: MaskingFixture, identities: [Int: [UInt8]]) {
        var fixture = try MaskingFixture(count: count, seed: seed)
        let identities = fixture.identities.mapValues(\.publicKey)
        fixture.clients[0] = try MaskingClient(
            number: 0, context: fixture.context, identity: #require(fixture.identities[0]),
            limits: .init(members: members(identities)), entropy: MaskingFixture.entropy(Seed(97)))
        try fixture.advertise()
        return (fixture, identities)
    }

    @Test(arguments: [5, 130]) func sumIsExactWithoutIdentitiesOnTheWire(count: Int) throws {
        var (fixture, identities) = try Self.advertised(count: count) { $0 }
        let roster = try #require(fixture.coordinator.roster(for: 0))
        let short = roster.encoded(withIdentities: false)
        let neighbours = count == 5 ? 5 : try #require(fixture.coordinator.session).rules.choice.degree + 1
        #expect(roster.encoded.count - short.count == 32 * neighbours)
        #expect(try MaskingRoster(decoding: short, members: identities) == roster)
        guard count == 5 else { return }
        _ = try fixture.clients[0]?.deal(try MaskingRoster(decoding: short, members: identities))
        try fixture.deal()
        try fixture.upload(seed: Self.seed)
        try fixture.reveal()
        #expect(try fixture.coordinator.unmask().sum == fixture.expected)
    }

    @Test func strangerIsRefused() throws {
        var (fixture, _) = try Self.advertised { $0.filter { $0.key != 6 } }
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.notOnRoster(client: 6)) { try fixture.clients[0]?.deal(roster) }
    }

    /// The keys of client 6 are validly signed, but not by the identity that the roster has for it.
    @Test func anotherIdentityIsRefused() throws {
        let other = SigningKeyPair.generate().publicKey
        var (fixture, _) = try Self.advertised { $0.merging([6: other]) { $1 } }
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.notOnRoster(client: 6)) { try fixture.clients[0]?.deal(roster) }
        // Left out on the wire, the identity is that of the roster, and the signature does not fit it.
        let members = try #require(fixture.clients[0]?.limits.members)
        let short = try MaskingRoster(decoding: roster.encoded(withIdentities: false), members: members)
        #expect(throws: MaskingError.badSignature(client: 6)) { try fixture.clients[0]?.deal(short) }
    }

    /// Above 100 clients only neighbours show their keys; the others must be on the roster all the same.
    @Test func strangerIsRefusedAlsoWhereItIsNoNeighbour() throws {
        var (fixture, _) = try Self.advertised(count: 130) { $0 }
        let session = try #require(fixture.coordinator.session)
        let near = Set(session.graph.neighbours(of: 0) + [0])
        let stranger = try #require(session.clients.indices.first { !near.contains($0) })
        let client = session.clients[stranger]
        (fixture, _) = try Self.advertised(count: 130) { $0.filter { $0.key != client } }
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.notOnRoster(client: client)) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func formWithoutIdentitiesNeedsARoster() throws {
        let (fixture, identities) = try Self.advertised { _ in nil }
        let short = try #require(fixture.coordinator.roster(for: 0)).encoded(withIdentities: false)
        #expect(throws: MaskingError.malformed("form")) { try MaskingRoster(decoding: short) }
        #expect(throws: MaskingError.notOnRoster(client: 9)) {
            try MaskingRoster(decoding: short, members: identities.filter { $0.key != 9 })
        }
        for length in 0..<short.count {
            #expect(throws: MaskingError.self) {
                try MaskingRoster(decoding: Array(short[..<length]), members: identities)
            }
        }
    }
}
