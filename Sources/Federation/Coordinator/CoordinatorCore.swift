import Encryption
import Messages
import Tensors
import UpdateCodec

/// The coordinator's side of a federation as a state machine: events in, effects out, no I/O, no clock and no
/// randomness of its own.
///
/// A round goes through the phases enrolling → collecting → evaluating → publishing, each with a deadline. Below quorum
/// it ends without touching the model and is tried again. Equal events give equal effects; only round keys come from
/// `entropy`, and nothing that is published depends on them.
public struct CoordinatorCore: Sendable {
    /// What the coordinator is doing.
    public enum Phase: String, Hashable, Sendable {
        case idle
        /// Waits for enough clients.
        case enrolling
        /// Waits after an attempt that failed.
        case pausing
        /// Waits for updates.
        case collecting
        case evaluating
        /// Every round is published; clients are told.
        case finishing
        case finished
        case stopped
    }

    let configuration: CoordinatorConfiguration
    let identity: SigningKeyPair
    let entropy: @Sendable (Int) -> [UInt8]
    let strategy: any Strategy
    let codec: any UpdateCodec
    /// Nil in the visible lane.
    let lane: MaskedLane?
    /// Version 0 as clients train from it; empty in the visible lane.
    let origin: [Float]
    /// The parameters as they travel.
    let packedParameters: [UInt8]
    let parameterHash: Digest

    /// What the coordinator is doing.
    public internal(set) var phase = Phase.idle
    /// Who belongs to the federation.
    public internal(set) var roster: Roster
    /// Version 0 as clients make it from the seed.
    let initial: PublishedModel
    var model: GlobalModel
    var history: ModelHistory
    var answerSeconds: [Int: Double]
    /// Activations of the newest round that calibrated, encoded.
    var activations: [[UInt8]]
    var next: RoundAttempt
    var peers: [PeerID: Peer] = [:]
    var readyPeers: [Int: PeerID] = [:]
    var round: ActiveRound?
    var publication: Publication?
    var closedSessions: [ClosedSession] = []
    var turns = KeptTurns()
    /// What updates are predicted by.
    var lastUpdates: LastUpdates
    /// Common scales of the next masked round; nil: those to begin with.
    var scaleExponents: [Int]?
    var strays: [UpdateOutcome: Int] = [:]
    var greeted: Set<Int> = []
    var told: Set<Int> = []
    var requiredClients: Int
    /// Whether the newest version is as accurate as the policy asks for; a restart forgets it and runs another round.
    var hasReachedTarget = false
    var phaseDeadline: Duration?
    var scratch: [Float]
    var privacy: PrivateRounds?
    /// With whom masked rounds are run; nil without a root key, and while nothing is signed by it.
    var members: MemberList?
    /// How the federation ends when its clients are told that it is complete.
    var verdict = FinishReport.Outcome.completed
    /// Accuracy of the newest version that was measured.
    var acceptedAccuracy: Double?
    var now = Duration.zero
    var armed: Duration?
    var effects: [CoordinatorEffect] = []

    /// Makes a coordinator, afresh or from what was stored.
    ///
    /// - Parameters:
    ///   - identity: signs the announcements; clients pin its public key.
    ///   - entropy: gives as many bytes as asked for, from the system's cryptographic generator.
    /// - Throws: `FederationError.codec` for an unknown codec or a model that cannot be quantized, `.shapeMismatch` and
    ///   `.damagedState` for a state that does not belong to this configuration.
    public init(
        configuration: CoordinatorConfiguration, state: CoordinatorState, identity: SigningKeyPair,
        entropy: @escaping @Sendable (Int) -> [UInt8]
    ) throws(FederationError) {
        self.configuration = configuration
        self.identity = identity
        self.entropy = entropy
        strategy = configuration.policy.strategy.strategy()
        let compression = configuration.parameters.compression
        do { codec = try compression.updateCodec(layout: configuration.layout) } catch {
            throw .codec(String(describing: error))
        }
        let json = configuration.parameters.canonicalJSON()
        packedParameters = FederationParameters.packed(json)
        parameterHash = FederationParameters.hash(of: json)
        roster = state.roster
        let initial = try GlobalModel(initial: configuration)
        self.initial = initial.published
        history = ModelHistory(
            version: 0, model: initial.published, byteBudget: configuration.limits.historyByteCount)
        model = initial
        lane = MaskedLane(codec, layout: configuration.layout, privacy: configuration.parameters.maskedPrivacy)
        origin = lane == nil ? [] : initial.published.parameters
        scaleExponents = state.record?.report.scaleExponents
        if let record = state.record {
            model = try GlobalModel(restoring: record, initial: initial.published, configuration: configuration)
            history.publish(version: model.version, model: model.published)
        }
        answerSeconds = state.record?.answerSeconds ?? [:]
        activations = state.record?.activations ?? []
        lastUpdates = try LastUpdates(
            byteBudget: compression.predictsUpdates ? configuration.limits.predictionByteCount : 0,
            parameterCount: configuration.layout.count, known: state.record?.lastUpdates ?? [:])
        next = Self.nextAttempt(after: model.version, journalled: state.attempt)
        members = Self.members(of: state.roster, configuration)
        requiredClients = configuration.policy.minimumClients
        scratch = [Float](repeating: 0, count: configuration.layout.count)
        acceptedAccuracy = state.record?.report.evaluation?.int8Accuracy
        if let settings = configuration.policy.privacy {
            let rounds = try PrivateRounds(
                settings: settings, cohort: configuration.policy.cohort,
                clientCount: configuration.policy.minimumClients, bound: lane?.bound, releases: state.releases)
            next = rounds.unused(next)
            privacy = rounds
        }
    }

    /// The newest published version.
    public var version: UInt32 { model.version }
    /// Hash of that version as clients receive it.
    public var modelHash: Digest { model.hash }
    /// The float master of that version, one value per parameter.
    public var master: [Float] { model.master }
    /// Number of clients that are connected and have said hello.
    public var readyClientCount: Int { readyPeers.count }

    /// Takes one event and says what is to be done.
    ///
    /// - Parameter now: a clock that never runs backwards; an earlier time than before counts as the same time.
    public mutating func handle(_ event: CoordinatorEvent, at now: Duration) -> [CoordinatorEffect] {
        guard phase != .stopped else { return [] }
        self.now = max(self.now, now)
        switch event {
        case .started: start()
        case .connected(let peer, let wallSeconds): connect(peer, wallSeconds: wallSeconds)
        case .disconnected(let peer): disconnected(peer)
        case .received(let peer, let frames): receive(frames, from: peer)
        case .tick: break
        case .evaluated(let version, let evaluation): evaluated(version, evaluation)
        case .rosterChanged(let roster): change(roster)
        case .stop: stop()
        }
        progress()
        arm()
        defer { effects = [] }
        return effects
    }

    private static func nextAttempt(after version: UInt32, journalled: RoundAttempt?) -> RoundAttempt {
        let round = Int(version) + 1
        guard let journalled, journalled.round == round else {
            return RoundAttempt(round: round, attempt: 0, failures: 0)
        }
        return RoundAttempt(round: round, attempt: journalled.attempt + 1, failures: journalled.failures)
    }
}
