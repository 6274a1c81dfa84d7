import Encryption
import Privacy
import Synchronization
import Tensors

/// One session over clients in memory; every step is a value, so that tests go on from any of them in several ways.
struct MaskingFixture: Sendable {
    var coordinator: MaskingCoordinator
    var clients: [Int: MaskingClient] = [:]
    var values: [Int: [Int32]] = [:]
    let identities: [Int: SigningKeyPair]
    let coordinatorIdentity: SigningKeyPair
    let identityKey: [UInt8]
    let context: MaskingContext

    /// Random bytes that a test can repeat.
    static func entropy(_ seed: Seed) -> @Sendable (Int) -> [UInt8] {
        let random = Mutex(SeededRandom(seed))
        return { count in
            random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
    }

    static func context(round: UInt32 = 1, model: UInt8 = 2) -> MaskingContext {
        MaskingContext(
            federation: [UInt8](repeating: 1, count: 16), round: round, attempt: [UInt8](repeating: 7, count: 16),
            modelHash: [UInt8](repeating: model, count: 32), parameterHash: [UInt8](repeating: 3, count: 32),
            rosterHash: [UInt8](repeating: 4, count: 32))
    }

    /// Clients 0, 3, 6, … with fresh keys; the coordinator waits for their adverts.
    init(count: Int, seed: Seed, context: MaskingContext = MaskingFixture.context()) throws {
        self.context = context
        coordinatorIdentity = try SigningKeyPair(seed: Self.entropy(seed.derived("coordinator"))(32))
        identityKey = coordinatorIdentity.publicKey
        coordinator = MaskingCoordinator(context: context, identity: coordinatorIdentity)
        var identities: [Int: SigningKeyPair] = [:]
        for index in 0..<count {
            let number = 3 * index
            let entropy = Self.entropy(seed.derived("client", number))
            let identity = try SigningKeyPair(seed: entropy(32))
            identities[number] = identity
            clients[number] = try MaskingClient(number: number, context: context, identity: identity, entropy: entropy)
        }
        self.identities = identities
    }

    var numbers: [Int] { clients.keys.sorted() }

    /// Hands in the adverts of some clients and closes them.
    mutating func advertise(
        without gone: Set<Int> = [], magnitude: Int = 7, count: Int = 20, threshold: Int? = nil
    ) throws {
        for number in numbers where !gone.contains(number) {
            guard let advert = clients[number]?.advert, let identity = identities[number]?.publicKey else { continue }
            try coordinator.receive(advert, identity: identity)
        }
        try coordinator.begin { clients in
            let choice = MaskingThreshold.choice(clients: clients)
            return MaskingRules(
                choice: MaskingThreshold(degree: choice.degree, threshold: threshold ?? choice.threshold),
                magnitude: magnitude, count: count)
        }
    }

    mutating func deal(without gone: Set<Int> = []) throws {
        for number in numbers where !gone.contains(number) {
            guard let roster = coordinator.roster(for: number) else { continue }
            let decoded = try MaskingRoster(decoding: roster.encoded)
            guard let bytes = try clients[number]?.deal(decoded) else { continue }
            try coordinator.receive(deal: bytes, from: number)
        }
        try coordinator.handOn()
        for number in numbers {
            guard let delivery = coordinator.delivery(for: number) else { continue }
            try clients[number]?.receive(delivery: delivery)
        }
    }

    /// Random values up to the agreed magnitude, masked and handed in.
    mutating func upload(without gone: Set<Int> = [], seed: Seed) throws {
        guard let rules = coordinator.session?.rules else { return }
        for number in numbers where !gone.contains(number) && coordinator.delivery(for: number) != nil {
            var random = SeededRandom(seed.derived("values", number))
            let plain = (0..<rules.count).map { _ in
                Int32(random.below(2 * rules.magnitude + 1) - rules.magnitude)
            }
            guard let upload = try clients[number]?.mask(plain) else { continue }
            try coordinator.add(upload: upload.bytes, from: number)
            values[number] = plain
        }
    }

    mutating func reveal(without gone: Set<Int> = []) throws {
        let request = try coordinator.closeUploads()
        let count = coordinator.session?.clients.count ?? 0
        let decoded = try UnmaskRequest(decoding: request.encoded(clients: count), clients: count)
        for number in values.keys.sorted() where !gone.contains(number) {
            guard let bytes = try clients[number]?.reveal(decoded, coordinator: identityKey) else { continue }
            try coordinator.receive(reveal: bytes, from: number)
        }
    }

    /// The sum of what the uploaded clients meant.
    var expected: [Int32] {
        let count = coordinator.session?.rules.count ?? 0
        return values.values.reduce([Int32](repeating: 0, count: count)) { zip($0, $1).map { $0 + $1 } }
    }
}
