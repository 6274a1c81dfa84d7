import Encryption
import Federation
import Messages
import Tensors
import Testing
import UpdateCodec

/// A client that does exactly what a test says, right or wrong.
struct ScriptedClient {
    let number: Int
    let keys: AgreementKeyPair
    var peer: PeerID { Fixtures.peer(number) }

    init(_ number: Int, run: Int = 0) throws {
        self.number = number
        keys = try AgreementKeyPair(secret: Fixtures.entropy(UInt64(1000 + number + 100 * run))(32))
    }

    func hello(heldVersion: UInt32? = nil, resume: ResumePoint? = nil, version: UInt32 = 1) -> [[UInt8]] {
        FramedMessage<ClientMessage>(
            .hello(
                .init(
                    protocolVersion: version, sessionKey: PublicKeyBytes(unchecked: keys.publicKey),
                    heldVersion: heldVersion, sampleCount: 10, resume: resume))
        ).frames()
    }

    /// The messages of an update: header with chunk 0, then the other chunks.
    func update(
        _ bytes: [UInt8], for announcement: CoordinatorMessage.RoundAnnouncement, parameterHash: Digest,
        sampleCount: Int = 10, sealingKey: AgreementKeyPair? = nil
    ) throws -> [[[UInt8]]] {
        let proof = AnnouncementProof(
            announcement, federation: Fixtures.federation, parameterHash: parameterHash)
        let session = SessionID(
            federation: Fixtures.federation, round: announcement.round, attempt: announcement.attempt,
            roundKey: announcement.roundKey)
        let result = ResultID(update: bytes, session: session)
        let binding = UpdateBinding(
            proof: proof, session: session, sender: PublicKeyBytes(unchecked: keys.publicKey), resultID: result,
            byteCount: bytes.count)
        let key = try binding.key(ours: sealingKey ?? keys, theirs: announcement.roundKey)
        return try (0..<ProtocolLimits.chunkCount(of: bytes.count)).map { index in
            let chunk = bytes[ProtocolLimits.chunkRange(index, of: bytes.count)]
            let sealed = try key.seal(chunk, associatedData: binding.associatedData(chunk: index))
            let message: ClientMessage =
                index == 0
                ? .update(
                    .init(
                        session: session, resultID: result, sampleCount: sampleCount, trainingLoss: 0.5,
                        byteCount: bytes.count))
                : .chunk(.init(session: session, index: index))
            return FramedMessage<ClientMessage>(message, payload: sealed).frames()
        }
    }
}

/// A coordinator whose effects a test looks at one by one.
struct Bench {
    let model: LinearModel
    let configuration: CoordinatorConfiguration
    var core: CoordinatorCore
    var now = Duration.zero
    var effects: [CoordinatorEffect] = []

    init(
        _ model: LinearModel, policy: RoundPolicy, up: String = "float32", down: Compression.Downlink = .float32,
        limits: CoordinatorLimits = CoordinatorLimits(), roster: Roster? = nil, clients: Int = 2
    ) throws {
        self.model = model
        configuration = try Fixtures.configuration(model, policy: policy, up: up, down: down, limits: limits)
        core = try CoordinatorCore(
            configuration: configuration, state: CoordinatorState(roster: roster ?? Fixtures.roster(clients)),
            identity: Fixtures.identity(), entropy: Fixtures.entropy(1))
        handle(.started)
    }

    var parameterHash: Digest { FederationParameters.hash(of: configuration.parameters.canonicalJSON()) }

    @discardableResult mutating func handle(_ event: CoordinatorEvent, after delay: Duration = .zero)
        -> [CoordinatorEffect]
    {
        now += delay
        effects = core.handle(event, at: now)
        return effects
    }

    mutating func greet(_ client: ScriptedClient, heldVersion: UInt32? = nil, resume: ResumePoint? = nil) {
        handle(.connected(client.peer, wallSeconds: 100))
        handle(.received(client.peer, frames: client.hello(heldVersion: heldVersion, resume: resume)))
    }

    @discardableResult mutating func receive(_ frames: [[UInt8]], from client: ScriptedClient) -> [CoordinatorEffect] {
        handle(.received(client.peer, frames: frames))
    }

    /// What was sent to a client by the last event.
    func messages(to peer: PeerID) throws -> [CoordinatorMessage] {
        try effects.compactMap { effect in
            guard case .send(let frames, peer) = effect else { return nil }
            return try FramedMessage<CoordinatorMessage>(frames: frames).message
        }
    }

    func announcement(to client: ScriptedClient) throws -> CoordinatorMessage.RoundAnnouncement? {
        for case .announcement(let announcement) in try messages(to: client.peer) { return announcement }
        return nil
    }

    func outcome(to client: ScriptedClient) throws -> UpdateOutcome? {
        for case .receipt(let receipt) in try messages(to: client.peer) { return receipt.outcome }
        return nil
    }

    var report: RoundReport? {
        for case .report(let report) in effects { return report }
        return nil
    }

    var record: CoordinatorRecord? {
        for case .persist(let record) in effects { return record }
        return nil
    }

    func encode(_ update: [Float]) throws -> [UInt8] {
        try UpdateCodecs.named(configuration.parameters.compression.up).encode(
            update, layout: model.layout, context: CodecContext(seed: Seed(0)))
    }
}
