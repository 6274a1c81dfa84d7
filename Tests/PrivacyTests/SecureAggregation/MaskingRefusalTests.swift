import Encryption
import Privacy
import Tensors
import Testing

struct MaskingRefusalTests {
    private static let seed = Seed(41)

    private static func dealt(count: Int = 6) throws -> MaskingFixture {
        var fixture = try MaskingFixture(count: count, seed: seed)
        try fixture.advertise()
        try fixture.deal()
        return fixture
    }

    private static func uploaded(without gone: Set<Int> = []) throws -> MaskingFixture {
        var fixture = try dealt()
        try fixture.upload(without: gone, seed: seed)
        return fixture
    }

    @Test func advertOfAnotherModelIsRefused() throws {
        let other = try MaskingFixture(count: 3, seed: Self.seed, context: MaskingFixture.context(model: 9))
        var fixture = try MaskingFixture(count: 3, seed: Self.seed)
        let advert = try #require(other.clients[0]?.advert)
        let identity = try #require(fixture.identities[0]?.publicKey)
        #expect(throws: MaskingError.badSignature(client: 0)) {
            try fixture.coordinator.receive(advert, identity: identity)
        }
    }

    @Test(arguments: [0, 40, 100])
    func swappedKeyIsRefusedByPeers(byte: Int) throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        try fixture.advertise()
        var raw = try #require(fixture.coordinator.roster(for: 0)).encoded
        // The last advert in the list is that of client 9.
        raw[raw.count - MaskingAdvert.byteCount + byte] ^= 1
        let roster = try MaskingRoster(decoding: raw)
        #expect(throws: MaskingError.badSignature(client: 9)) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func ownAdvertMustBeInTheList() throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        try fixture.advertise(without: [0])
        let roster = try #require(fixture.coordinator.roster(for: 3))
        #expect(throws: MaskingError.ownAdvertMissing) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func secondAdvertIsRefused() throws {
        var fixture = try MaskingFixture(count: 3, seed: Self.seed)
        let identity = try #require(fixture.identities[0])
        let first = try #require(fixture.clients[0]?.advert)
        try fixture.coordinator.receive(first, identity: identity.publicKey)
        try fixture.coordinator.receive(first, identity: identity.publicKey)
        #expect(fixture.coordinator.advertCount == 1)
        let second = try MaskingClient(
            number: 0, context: fixture.context, identity: identity, entropy: MaskingFixture.entropy(Seed(99)))
        #expect(throws: MaskingError.outOfOrder) {
            try fixture.coordinator.receive(second.advert, identity: identity.publicKey)
        }
    }

    @Test func lowThresholdIsRefused() throws {
        var fixture = try MaskingFixture(count: 6, seed: Self.seed)
        try fixture.advertise(threshold: 4)
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.threshold(actual: 4, minimum: 5)) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func smallCohortIsRefused() throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        let identity = try #require(fixture.identities[0])
        fixture.clients[0] = try MaskingClient(
            number: 0, context: fixture.context, identity: identity, limits: .init(minimumCohort: 5),
            entropy: MaskingFixture.entropy(Seed(98)))
        try fixture.advertise()
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.cohortTooSmall(actual: 4, minimum: 5)) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func lowOrderChannelKeyEndsTheSession() throws {
        let zero = [UInt8](repeating: 0, count: 32)
        let pair = AgreementKeyPair.generate()
        #expect(throws: EncryptionError.lowOrderPoint) { try pair.sharedSecret(with: zero) }
    }

    @Test func everyFlippedBitOfASealedShareIsNoticed() throws {
        var fixture = try MaskingFixture(count: 3, seed: Self.seed)
        try fixture.advertise()
        for number in fixture.numbers {
            let roster = try #require(fixture.coordinator.roster(for: number))
            let deal = try #require(try fixture.clients[number]?.deal(roster))
            try fixture.coordinator.receive(deal: deal, from: number)
        }
        try fixture.coordinator.handOn()
        let delivery = try #require(fixture.coordinator.delivery(for: 0))
        for bit in stride(from: 8, to: 8 * delivery.count, by: 5) {
            var client = try #require(fixture.clients[0])
            var damaged = delivery
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let sender = (bit / 8 - 1) / 80 == 0 ? 3 : 6
            #expect(throws: MaskingError.shareNotAuthentic(client: sender)) { try client.receive(delivery: damaged) }
        }
    }

    @Test func sharesOfAnotherSessionDoNotOpen() throws {
        let first = try Self.dealt()
        var second = try MaskingFixture(count: 6, seed: Self.seed, context: MaskingFixture.context(round: 2))
        try second.advertise()
        let roster = try #require(second.coordinator.roster(for: 0))
        _ = try second.clients[0]?.deal(roster)
        let replayed = try #require(first.coordinator.delivery(for: 0))
        #expect(throws: MaskingError.shareNotAuthentic(client: 3)) {
            try second.clients[0]?.receive(delivery: replayed)
        }
    }

    @Test func forgedRequestIsRefused() throws {
        var fixture = try Self.uploaded()
        let session = try #require(fixture.coordinator.session)
        let forger = SigningKeyPair.generate()
        let request = UnmaskRequest(survivors: Set(0..<6), dropouts: [], session: session, identity: forger)
        #expect(throws: MaskingError.forgedRequest) {
            try fixture.clients[0]?.reveal(request, coordinator: fixture.identityKey)
        }
    }

    @Test func requestOfAnotherSessionIsRefused() throws {
        var fixture = try Self.uploaded()
        var other = try MaskingFixture(count: 6, seed: Self.seed, context: MaskingFixture.context(round: 2))
        try other.advertise()
        let session = try #require(other.coordinator.session)
        let request = UnmaskRequest(
            survivors: Set(0..<6), dropouts: [], session: session, identity: fixture.coordinatorIdentity)
        #expect(throws: MaskingError.forgedRequest) {
            try fixture.clients[0]?.reveal(request, coordinator: fixture.identityKey)
        }
    }

    @Test func bothShareTypesAreNeverGiven() throws {
        var fixture = try Self.uploaded()
        let session = try #require(fixture.coordinator.session)
        let all = UnmaskRequest(
            survivors: Set(0..<6), dropouts: [], session: session, identity: fixture.coordinatorIdentity)
        let other = UnmaskRequest(
            survivors: Set(0..<5), dropouts: [5], session: session, identity: fixture.coordinatorIdentity)
        let both = UnmaskRequest(
            survivors: Set(0..<6), dropouts: [5], session: session, identity: fixture.coordinatorIdentity)
        let unnamed = UnmaskRequest(
            survivors: Set(0..<5), dropouts: [], session: session, identity: fixture.coordinatorIdentity)
        let key = fixture.identityKey
        #expect(throws: MaskingError.inconsistentSurvivors) { try fixture.clients[0]?.reveal(both, coordinator: key) }
        #expect(throws: MaskingError.inconsistentSurvivors) {
            try fixture.clients[0]?.reveal(unnamed, coordinator: key)
        }
        let answer = try fixture.clients[0]?.reveal(all, coordinator: key)
        #expect(try fixture.clients[0]?.reveal(all, coordinator: key) == answer)
        #expect(throws: MaskingError.secondRequest) { try fixture.clients[0]?.reveal(other, coordinator: key) }
    }

    @Test func nothingIsRevealedBelowTheThreshold() throws {
        var fixture = try Self.uploaded()
        let session = try #require(fixture.coordinator.session)
        let request = UnmaskRequest(
            survivors: Set(0..<4), dropouts: [4, 5], session: session, identity: fixture.coordinatorIdentity)
        #expect(throws: MaskingError.belowThreshold(actual: 4, needed: 5)) {
            try fixture.clients[0]?.reveal(request, coordinator: fixture.identityKey)
        }
        var late = try Self.uploaded(without: [0, 3])
        #expect(throws: MaskingError.belowThreshold(actual: 4, needed: 5)) { try late.coordinator.closeUploads() }
    }

    @Test func secretsAreGoneAfterTheReveal() throws {
        var fixture = try Self.uploaded()
        try fixture.reveal()
        let client = try #require(fixture.clients[0])
        #expect(throws: MaskingError.outOfOrder) { try client.mask([Int32](repeating: 0, count: 20)) }
        var again = client
        let roster = try #require(fixture.coordinator.roster(for: 0))
        #expect(throws: MaskingError.outOfOrder) { try again.deal(roster) }
    }

    @Test func secondUploadIsNotCounted() throws {
        var fixture = try Self.uploaded()
        let bytes = try #require(try fixture.clients[0]?.mask([Int32](repeating: 1, count: 20)).bytes)
        #expect(throws: MaskingError.outOfOrder) { try fixture.coordinator.add(upload: bytes, from: 0) }
    }

    @Test func valuesAboveTheMagnitudeAreRefused() throws {
        let fixture = try Self.dealt()
        let client = try #require(fixture.clients[0])
        #expect(throws: MaskingError.valuesOutOfRange) { try client.mask([Int32](repeating: 8, count: 20)) }
        #expect(throws: MaskingError.valuesOutOfRange) { try client.mask([Int32](repeating: 7, count: 19)) }
    }

    @Test(arguments: [Set([0]), Set([])])
    func tamperedShareIsNamedAndLeftOut(gone: Set<Int>) throws {
        var fixture = try MaskingFixture(count: 8, seed: Self.seed)
        try fixture.advertise()
        try fixture.deal()
        try fixture.upload(without: gone, seed: Self.seed)
        let request = try fixture.coordinator.closeUploads()
        for number in fixture.values.keys.sorted() {
            var bytes = try #require(try fixture.clients[number]?.reveal(request, coordinator: fixture.identityKey))
            if number == 6 { bytes[0] ^= 1 }
            try fixture.coordinator.receive(reveal: bytes, from: number)
        }
        let outcome = try fixture.coordinator.unmask()
        #expect(outcome.sum == fixture.expected)
        #expect(outcome.corrupt == [.corruptShares(dealer: 0, senders: [6])])
    }

    @Test func dealerOfBadSharesIsNamed() throws {
        var fixture = try MaskingFixture(count: 6, seed: Self.seed)
        try fixture.advertise()
        for number in fixture.numbers {
            let roster = try #require(fixture.coordinator.roster(for: number))
            var deal = try #require(try fixture.clients[number]?.deal(roster))
            // Commitments to another polynomial: the neutral element in place of the first one.
            if number == 9 { for index in 0..<32 { deal[index] = 0 } }
            try fixture.coordinator.receive(deal: deal, from: number)
        }
        try fixture.coordinator.handOn()
        for number in fixture.numbers {
            let delivery = try #require(fixture.coordinator.delivery(for: number))
            try fixture.clients[number]?.receive(delivery: delivery)
        }
        try fixture.upload(without: [9], seed: Self.seed)
        try fixture.reveal()
        #expect(throws: MaskingError.dishonestDealer(client: 9)) { try fixture.coordinator.unmask() }
    }

    @Test func failingEntropyEndsIt() throws {
        let identity = SigningKeyPair.generate()
        #expect(throws: MaskingError.entropy) {
            try MaskingClient(
                number: 0, context: MaskingFixture.context(), identity: identity,
                entropy: { [UInt8](repeating: 0, count: $0) })
        }
    }

    @Test func damagedRosterIsRefusedAtEveryLength() throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        try fixture.advertise()
        let raw = try #require(fixture.coordinator.roster(for: 0)).encoded
        for length in 0..<raw.count {
            #expect(throws: MaskingError.self) { try MaskingRoster(decoding: Array(raw[..<length])) }
        }
        #expect(throws: MaskingError.self) { try MaskingRoster(decoding: raw + [0]) }
    }
}
