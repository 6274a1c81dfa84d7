import Encryption
import Privacy
import Synchronization
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

    /// A coordinator that serves two versions in one round: those who train from one refuse the others' keys.
    @Test func advertOfAnotherModelIsRefusedByPeers() throws {
        let other = try MaskingFixture(count: 4, seed: Self.seed, context: MaskingFixture.context(model: 9))
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        try fixture.advertise()
        let raw = try #require(fixture.coordinator.roster(for: 0)).encoded
        let advert = try #require(other.clients[9]?.advert)
        let roster = try MaskingRoster(decoding: raw.dropLast(MaskingAdvert.byteCount) + advert.encoded)
        #expect(throws: MaskingError.badSignature(client: 9)) { try fixture.clients[0]?.deal(roster) }
    }

    @Test func stepsOutOfOrderAreRefused() throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        var coordinator = fixture.coordinator
        let zeros = [Int32](repeating: 0, count: 20)
        let finished = try Self.uploaded()
        var closed = finished.coordinator
        let request = try closed.closeUploads()
        for early in [fixture.clients[0], try Self.advertisedAndDealt().clients[0]] {
            var client = try #require(early)
            #expect(throws: MaskingError.outOfOrder) { try client.mask(zeros) }
            #expect(throws: MaskingError.self) { try client.reveal(request, coordinator: fixture.identityKey) }
        }
        #expect(throws: MaskingError.outOfOrder) { try fixture.clients[0]?.receive(delivery: [15]) }
        // Before the adverts are closed, before the deals are, before the uploads are.
        #expect(throws: MaskingError.outOfOrder) { try coordinator.receive(deal: [], from: 0) }
        #expect(throws: MaskingError.outOfOrder) { try coordinator.handOn() }
        try fixture.advertise()
        #expect(throws: MaskingError.outOfOrder) { try fixture.coordinator.add(upload: [], from: 0) }
        #expect(throws: MaskingError.outOfOrder) { try fixture.coordinator.closeUploads() }
        #expect(throws: MaskingError.outOfOrder) { try fixture.coordinator.receive(reveal: [], from: 0) }
        #expect(throws: MaskingError.outOfOrder) { try fixture.coordinator.unmask() }
        let reveal = [UInt8](repeating: 0, count: 6 * 32)
        var open = finished.coordinator
        #expect(throws: MaskingError.outOfOrder) { try open.receive(reveal: reveal, from: 0) }
        #expect(throws: MaskingError.outOfOrder) { try open.unmask() }
        // An upload that comes when the list of survivors is signed is not in the sum.
        var late = try Self.uploaded(without: [0])
        _ = try late.coordinator.closeUploads()
        let upload = try #require(try late.clients[0]?.mask(zeros).bytes)
        #expect(throws: MaskingError.outOfOrder) { try late.coordinator.add(upload: upload, from: 0) }
        // Nor is one of a client that did not deal.
        let first = try #require(finished.clients[0]?.advert)
        let identity = try #require(finished.identities[0]?.publicKey)
        var again = finished.coordinator
        try again.receive(first, identity: identity)
        let stranger = try MaskingClient(
            number: 99, context: finished.context, identity: #require(finished.identities[0]),
            entropy: MaskingFixture.entropy(Seed(96)))
        #expect(throws: MaskingError.outOfOrder) { try again.receive(stranger.advert, identity: identity) }
    }

    /// Clients that have dealt and not yet got the shares of the others.
    private static func advertisedAndDealt() throws -> MaskingFixture {
        var fixture = try MaskingFixture(count: 6, seed: seed)
        try fixture.advertise()
        for number in fixture.numbers {
            let roster = try #require(fixture.coordinator.roster(for: number))
            _ = try fixture.clients[number]?.deal(roster)
        }
        return fixture
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

    /// A peer signs keys of which one is a point of low order: 0, 1, and one of order 8.
    @Test(arguments: [
        [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
    ])
    func lowOrderKeyIsRefusedOnBothSides(point: [UInt8]) throws {
        #expect(throws: EncryptionError.lowOrderPoint) { try AgreementKeyPair.generate().sharedSecret(with: point) }
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        let hostile = try #require(fixture.identities[9])
        let honest = try #require(fixture.clients[9]?.advert)
        func advert(_ keys: [UInt8]) throws -> MaskingAdvert {
            let message = Array("swiftlet-masking-advert-v1".utf8) + fixture.context.encoded + [9, 0, 0, 0] + keys
            return try MaskingAdvert(decoding: keys + hostile.sign(message), client: 9)
        }
        let low = try [advert(point + honest.maskKey), advert(honest.channelKey + point)]
        for advert in low {
            #expect(throws: MaskingError.lowOrderPoint(client: 9)) {
                try fixture.coordinator.receive(advert, identity: hostile.publicKey)
            }
        }
        // A coordinator that hands it on all the same, in place of the last advert of the list.
        try fixture.advertise()
        let raw = try #require(fixture.coordinator.roster(for: 0)).encoded
        let roster = try MaskingRoster(decoding: raw.dropLast(MaskingAdvert.byteCount) + low[0].encoded)
        #expect(throws: MaskingError.lowOrderPoint(client: 9)) { try fixture.clients[0]?.deal(roster) }
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

    /// A source that gives zeros, or too few bytes, from some draw on: never is anything shared with what it gave.
    @Test(arguments: [true, false]) func entropyThatFailsAtAnyDrawEndsIt(givesZeros: Bool) throws {
        var fixture = try MaskingFixture(count: 4, seed: Self.seed)
        let identity = try #require(fixture.identities[0])
        let random = MaskingFixture.entropy(Seed(95))
        var failures = 0
        for draws in 0..<8 {
            let left = Mutex(draws)
            let source: @Sendable (Int) -> [UInt8] = { count in
                let isGood = left.withLock { left in
                    left -= 1
                    return left >= 0
                }
                return isGood ? random(count) : [UInt8](repeating: 0, count: givesZeros ? count : count - 1)
            }
            do throws(MaskingError) {
                fixture.clients[0] = try MaskingClient(
                    number: 0, context: fixture.context, identity: identity, entropy: source)
                var session = fixture
                do { try session.advertise() } catch { throw .outOfOrder }
                guard let roster = session.coordinator.roster(for: 0) else { throw .outOfOrder }
                _ = try session.clients[0]?.deal(roster)
            } catch {
                #expect(error == .entropy, "draw \(draws)")
                failures += 1
            }
        }
        // Three draws make the keys; of four clients three shares make a secret, so that two secrets want four more.
        #expect(failures == 7)
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
