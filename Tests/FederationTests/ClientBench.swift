import Encryption
import Federation
import Messages
import Tensors
import Testing
import UpdateCodec

/// A client whose coordinator is a test.
struct ClientBench {
    static let peer = Fixtures.peer(-1)
    let model: LinearModel
    let parameters: FederationParameters
    var core: ClientCore
    var now = Duration.zero
    var effects: [ClientEffect] = []
    let roundKeys: AgreementKeyPair

    /// A client with number 3; with a root key that it pins it has the identity of that number.
    init(
        up: String = "int8", down: Compression.Downlink = .int8, sampleCount: Int = 10, rootKey: PublicKeyBytes? = nil,
        state: ClientState = ClientState()
    ) throws {
        model = try LinearModel()
        parameters = Fixtures.parameters(up: up, down: down)
        roundKeys = try AgreementKeyPair(secret: Fixtures.entropy(77)(32))
        core = try ClientCore(
            configuration: ClientConfiguration(
                coordinatorIdentity: Fixtures.coordinatorKey(), sampleCount: sampleCount, rootKey: rootKey),
            state: state, identity: rootKey == nil ? nil : Fixtures.clientIdentity(3), entropy: Fixtures.entropy(1))
        handle(.connected(Self.peer))
        receive(
            .welcome(
                .init(
                    federation: Fixtures.federation, clientNumber: 3,
                    parameters: FederationParameters.packed(parameters.canonicalJSON()))))
        handle(.parametersReady(model.layout, initialParameters: model.initial(seed: parameters.seed)))
    }

    @discardableResult mutating func handle(_ event: ClientEvent, after delay: Duration = .zero) -> [ClientEffect] {
        now += delay
        effects = core.handle(event, at: now)
        return effects
    }

    mutating func receive(_ message: CoordinatorMessage, payload: [UInt8]? = nil) {
        handle(.received(Self.peer, frames: FramedMessage(message, payload: payload).frames()))
    }

    var published: PublishedModel {
        get throws {
            try PublishedModel(
                model.initial(seed: parameters.seed), layout: model.layout, compression: parameters.compression)
        }
    }

    /// A signed announcement; by default of round 1 with the model that the client holds.
    func announcement(
        round: UInt32 = 1, attempt: UInt32 = 0, version: UInt32 = 0, base: UInt32? = 0, hash: Digest? = nil,
        key: PublicKeyBytes? = nil, byteCount: Int = 0
    ) throws -> CoordinatorMessage.RoundAnnouncement {
        let hash = try hash ?? published.hash
        let roundKey = key ?? PublicKeyBytes(unchecked: roundKeys.publicKey)
        let proof = AnnouncementProof(
            federation: Fixtures.federation,
            parameterHash: FederationParameters.hash(of: parameters.canonicalJSON()), round: round, attempt: attempt,
            version: version, modelHash: hash, roundKey: roundKey)
        return .init(
            round: round, attempt: attempt, version: version, baseVersion: base, modelHash: hash, roundKey: roundKey,
            signature: proof.signed(by: try Fixtures.identity()), deadline: .seconds(600), byteCount: byteCount)
    }

    static func session(_ announcement: CoordinatorMessage.RoundAnnouncement) -> SessionID {
        SessionID(
            federation: Fixtures.federation, round: announcement.round, attempt: announcement.attempt,
            roundKey: announcement.roundKey)
    }

    /// What the client sent after the last event.
    var sent: [ClientMessage] {
        effects.compactMap { effect in
            guard case .send(let frames) = effect else { return nil }
            return try? FramedMessage<ClientMessage>(frames: frames).message
        }
    }

    /// Why the client refused a roster at the last event; nil: it did not.
    var rosterRefusal: String? {
        for case .report(.refusedRoster(let why)) in effects { return why }
        return nil
    }

    /// What the client stored last at the last event.
    var stored: ClientState? {
        effects.compactMap { if case .persist(let state) = $0 { state } else { nil } }.last
    }

    /// Hands the client a signed roster, in parts as on the wire.
    mutating func receive(_ members: MemberList) {
        for part in RosterPart.parts(of: members.encoded) { receive(.roster(part)) }
    }

    var task: TrainingTask? {
        for case .train(let task) in effects { return task }
        return nil
    }

    var declined: DeclineReason? {
        for case .decline(let decline) in sent { return decline.reason }
        return nil
    }

    /// Trains the task that there is by adding `step` to every parameter.
    mutating func train(_ step: Float) throws {
        let task = try #require(task)
        let result = TrainingResult(parameters: task.parameters.map { $0 + step }, sampleCount: 10, meanLoss: 1)
        handle(.trained(task.session, result))
    }
}
