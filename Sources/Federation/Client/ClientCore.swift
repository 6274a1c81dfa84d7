import Encryption
import Messages
import Tensors
import UpdateCodec

/// A client's side of a federation as a state machine: events in, effects out, no I/O, no clock and no randomness of
/// its own.
///
/// A model is trained from only after its signature and its hash have verified. An encoded update is kept until the
/// next round, so that a coordinator that has restarted gets the same one again without training.
public struct ClientCore: Sendable {
    let configuration: ClientConfiguration
    /// Fresh for every run; updates are sealed with it.
    let keys: AgreementKeyPair
    /// Signs the keys of masked rounds.
    let identity: SigningKeyPair
    let entropy: @Sendable (Int) -> [UInt8]

    /// What the client keeps over restarts.
    public internal(set) var state: ClientState
    /// The federation's parameters, once known.
    public internal(set) var parameters: FederationParameters?
    var parameterHash: Digest?
    var model: LocalModel?
    var coordinator: PeerID?
    var isWelcomed = false
    var isOver = false
    var session: ClientSession?
    /// The newest roster that the pinned root key has signed for this federation.
    var members: MemberList?
    /// What has come so far of the next one.
    var rosterBytes: [UInt8] = []
    var now = Duration.zero
    /// The coordinator has refused the pending update, so that its residual does not count.
    var isPendingRefused = false
    /// When the last message that wants an answer was sent.
    var asked = Duration.zero
    /// How often that message was repeated.
    var repeats = 0
    var armed: Duration?
    var effects: [ClientEffect] = []

    /// Makes a client, afresh or from what was stored.
    ///
    /// - Parameters:
    ///   - identity: the client's long-lived Ed25519 keys; nil makes some for this run.
    ///   - entropy: gives as many bytes as asked for, from the system's cryptographic generator.
    /// - Throws: `FederationError.invalidParameters`, `.invalidSetting` when the stored parameters cannot be read.
    public init(
        configuration: ClientConfiguration, state: ClientState, identity: SigningKeyPair? = nil,
        entropy: @escaping @Sendable (Int) -> [UInt8]
    ) throws(FederationError) {
        self.entropy = entropy
        self.configuration = configuration
        self.state = state
        do {
            keys = try AgreementKeyPair(secret: entropy(PublicKeyBytes.byteCount))
            self.identity = try identity ?? SigningKeyPair(seed: entropy(PublicKeyBytes.byteCount))
        } catch {
            preconditionFailure("the source of entropy failed: \(error)")
        }
        if let stored = state.parameters {
            parameters = try FederationParameters(canonicalJSON: stored)
            parameterHash = FederationParameters.hash(of: stored)
        }
        restoreMembers()
    }

    /// Version of the global model that the client holds; nil while the model is not built.
    public var heldVersion: UInt32? { model?.version }

    /// Takes one event and says what is to be done.
    ///
    /// - Parameter now: a clock that never runs backwards; an earlier time than before counts as the same time.
    public mutating func handle(_ event: ClientEvent, at now: Duration) -> [ClientEffect] {
        guard !isOver else { return [] }
        self.now = max(self.now, now)
        switch event {
        case .connected(let peer): connect(peer)
        case .disconnected(let peer): disconnect(peer)
        case .received(let peer, let frames): receive(frames, from: peer)
        case .parametersReady(let layout, let initial): prepared(layout, initial)
        case .preparationFailed(let reason): fail("the model cannot be built: \(reason)")
        case .trained(let session, let result): trained(session, result)
        case .trainingFailed(let session, let reason): trainingFailed(session, reason)
        case .tick: break
        }
        progress()
        arm()
        defer { effects = [] }
        return effects
    }

    mutating func send(_ message: ClientMessage, payload: [UInt8]? = nil) {
        guard coordinator != nil else { return }
        effects.append(.send(frames: FramedMessage(message, payload: payload).frames()))
    }

    mutating func fail(_ reason: String) {
        isOver = true
        session = nil
        effects.append(.failed(reason))
    }
}
