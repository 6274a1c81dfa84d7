import Encryption
import Federation
import Messages
import Persistence
import Privacy
import Testing

struct StoreReleasesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func release(_ round: Int, attempt: Int = 0) -> PrivacyRelease {
        let key = ReleaseKey(round: round, attempt: attempt)
        return PrivacyRelease(
            key: key, ledgerKey: key, mechanism: .gaussian(noiseMultiplier: 1, samplingRate: 0.1),
            epsilon: Double(round) / 3, delta: 1e-5, clip: 0.5, nextClip: 0.25)
    }

    private static func record(_ version: UInt32) -> CoordinatorRecord {
        var record = StoreFixture.record(version)
        record.report.privacy = release(Int(version))
        return record
    }

    @Test func everyReleaseIsReadBackInOrder() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        for version in 1...4 as ClosedRange<UInt32> {
            try store.persist(Self.record(version), ledger: StoreFixture.ledger(version))
        }
        try store.keep(Self.release(5, attempt: 2))
        let again = try CoordinatorStore(path: folder.path("a.db")).load()
        #expect(again.state.releases == (1...4).map { Self.release($0) } + [Self.release(5, attempt: 2)])
        // Versions are forgotten, releases are not.
        #expect(again.state.record?.version == 4)
    }

    @Test func whatWasReleasedIsNeverReplaced() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        try store.persist(Self.record(1), ledger: StoreFixture.ledger(1))
        var other = Self.record(1)
        other.report.privacy?.epsilon = 0
        try store.persist(other, ledger: StoreFixture.ledger(1))
        #expect(try store.load().state.releases == [Self.release(1)])
    }

    @Test func aRotationWorksOnce() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        let (old, new) = (NodeIdentity.generate(.client), NodeIdentity.generate(.client))
        let identity = PublicKeyBytes(unchecked: old.signing.publicKey)
        let oldKey = PeerID(unchecked: old.transport.publicKey)
        try store.approve([("a", oldKey)], identity: identity)
        let before = try store.rosterChangeCount()
        let rotation = KeyRotation(from: old, to: new)
        try store.rotate(rotation, overlapUntil: 1000)
        #expect(try store.rosterChangeCount() > before)
        let entry = try #require(try store.roster().entry(rotation.transportKey))
        #expect(entry.number == 0 && entry.identityKey == rotation.newIdentity)
        #expect(entry.former == .init(transportKey: oldKey, expiry: 1000))
        #expect(throws: PersistenceError.self) { try store.rotate(rotation, overlapUntil: 9000) }
        let stranger = KeyRotation(from: .generate(.client), to: .generate(.client))
        #expect(throws: PersistenceError.self) { try store.rotate(stranger, overlapUntil: 1000) }
    }

    @Test func aRevokedClientCannotRotate() throws {
        let store = try CoordinatorStore(path: folder.path("a.db"))
        let old = NodeIdentity.generate(.client)
        try store.approve(
            [("a", PeerID(unchecked: old.transport.publicKey))],
            identity: PublicKeyBytes(unchecked: old.signing.publicKey))
        try store.set(.revoked, client: "a")
        #expect(throws: PersistenceError.self) {
            try store.rotate(KeyRotation(from: old, to: .generate(.client)), overlapUntil: 1000)
        }
    }
}
