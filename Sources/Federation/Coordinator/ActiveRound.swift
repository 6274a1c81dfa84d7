import Encryption
import Messages
import Quantization

/// One attempt at a round while its updates are collected.
struct ActiveRound: Sendable {
    let attempt: RoundAttempt
    /// What its clients were told and answer to.
    let announced: AnnouncedSession
    let began: Duration
    let deadline: Duration
    /// Updates that are needed.
    let needed: Int
    /// Sample counts are shifted right by this much, so that the sum of weights fits the accumulator.
    let weightShift: Int
    var accumulator: FixedPointAccumulator
    var report: RoundReport
    var lossSum = 0.0
    /// Updates that were within the clip.
    var withinClip = 0
    /// The updates themselves, for rules that need more than their sum.
    var collector: UpdateCollector?
    /// Activations of all clients whose updates count; empty in rounds that do not calibrate.
    var activations: [ActivationHistogram] = []
    /// Clients whose uploads are being received, at most as many as the limits allow.
    var uploading: Set<Int> = []
    /// Clients whose uploads wait, in order.
    var queue: [Int] = []
    /// Nil in the visible lane.
    var masked: MaskedRound?
    /// Versions that the updates in the sum are behind, by client; empty in rounds that wait for everybody.
    var staleness: [Int: Int] = [:]
    /// Updates in the sum, to predict the next ones by, as far as there is room; empty where nothing is predicted.
    var lastUpdates: [Int: LastUpdate] = [:]
    /// Draws of clients in this round, for rounds that ask one after the other.
    var drawCount = 0
    private(set) var members: [Int: Member]
    private(set) var counts: [Member.Standing: Int] = [:]

    init(
        attempt: RoundAttempt, announced: AnnouncedSession, began: Duration, deadline: Duration, needed: Int,
        weightShift: Int, parameterCount: Int, report: RoundReport
    ) {
        self.attempt = attempt
        self.announced = announced
        self.began = began
        self.deadline = deadline
        self.needed = needed
        self.weightShift = weightShift
        self.report = report
        accumulator = FixedPointAccumulator(parameterCount: parameterCount)
        members = Dictionary(uniqueKeysWithValues: report.cohort.map { ($0, Member()) })
        counts[.pending] = members.count
    }

    /// Numbers of the clients that were asked.
    var cohort: [Int] { report.cohort }

    var session: SessionID { announced.id }
    var proof: AnnouncementProof { announced.proof }

    /// What a client answers to: an earlier announcement where its turn goes on from an earlier version.
    func announced(to number: Int) -> AnnouncedSession { members[number]?.earlier ?? announced }

    subscript(number: Int) -> Member? { members[number] }

    /// Takes a client into the cohort, or back with what it has done so far.
    mutating func join(_ number: Int, _ member: Member = Member()) {
        precondition(members[number] == nil, "client \(number) is in this round already")
        members[number] = member
        counts[member.standing, default: 0] += 1
    }

    /// Clients of one standing.
    func count(_ standing: Member.Standing) -> Int { counts[standing] ?? 0 }

    /// Moves a client to another standing and keeps count.
    mutating func set(_ standing: Member.Standing, of number: Int) {
        guard let old = members[number]?.standing, old != standing else { return }
        members[number]?.standing = standing
        counts[old, default: 0] -= 1
        counts[standing, default: 0] += 1
    }

    /// Changes a client of the cohort in place; its standing is changed by `set`.
    mutating func update(_ number: Int, _ change: (inout Member) -> Void) {
        guard members[number] != nil else { return }
        change(&members[number, default: Member()])
    }

    /// What is remembered of this attempt when it is over.
    var closed: ClosedSession {
        let own = members.filter { $0.value.earlier == nil }
        return ClosedSession(
            session: session, version: proof.version, cohort: Set(own.keys), answers: own.compactMapValues(\.answer))
    }
}

/// One announcement of a version: what updates are sealed to and bound to.
struct AnnouncedSession: Sendable {
    let id: SessionID
    let proof: AnnouncementProof
    let signature: SignatureBytes
    /// The pair that updates are sealed to; gone with this value.
    let key: AgreementKeyPair

    init(proof: AnnouncementProof, signature: SignatureBytes, key: AgreementKeyPair) {
        self.proof = proof
        self.signature = signature
        self.key = key
        id = SessionID(
            federation: proof.federation, round: proof.round, attempt: proof.attempt, roundKey: proof.roundKey)
    }
}

/// A client of the cohort.
struct Member: Sendable {
    enum Standing: Hashable, Sendable {
        /// Asked, and expected to answer.
        case pending
        /// Not connected at the moment.
        case gone
        /// Its update is in the sum.
        case accepted
        /// It declined, or its update was rejected.
        case failed
    }

    fileprivate(set) var standing = Standing.pending
    /// When it was asked first.
    var announced: Duration?
    /// The encoding of the model that it was sent last.
    var encoding: ModelHistory.Encoding?
    var modelRequests = 0
    /// The key of the run of the client that was asked.
    var sessionKey: PublicKeyBytes?
    /// Opens its chunks; made at its first update.
    var payloadKey: PayloadKey?
    var upload: Upload?
    /// Its update and what became of it.
    var answer: ClosedSession.Answer?
    /// The announcement that it answers to, where that is not the one of the round.
    var earlier: AnnouncedSession?
    /// Its turn in a buffered round; nil in rounds that wait for everybody.
    var turn: Turn?
}

/// An update on its way.
struct Upload: Sendable {
    let header: ClientMessage.UpdateHeader
    /// Opened bytes of the chunks so far.
    var bytes: [UInt8] = []
    /// The first chunk that is missing.
    var nextChunk = 0
    /// The missing chunk that was asked for last.
    var asked = 0
    /// When the last chunk came.
    var progress: Duration
    /// Chunk 0 as it came, of an update that waits.
    var sealedFirst: [UInt8]?
}

/// What is remembered of an attempt that is over.
struct ClosedSession: Sendable {
    struct Answer: Sendable {
        let resultID: ResultID
        let outcome: UpdateOutcome
    }

    let session: SessionID
    /// The version that its clients trained from.
    let version: UInt32
    let cohort: Set<Int>
    var answers: [Int: Answer]
}

/// A version that is made but not published yet.
struct Publication: Sendable {
    let model: GlobalModel
    var report: RoundReport
    /// What the next updates of its clients are predicted by.
    var lastUpdates: [Int: LastUpdate] = [:]
    /// Activations of its clients, encoded.
    var activations: [[UInt8]] = []
}
