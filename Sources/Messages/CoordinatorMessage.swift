/// What the coordinator says to a client.
public enum CoordinatorMessage: Hashable, Sendable {
    case welcome(Welcome)
    case refusal(Refusal)
    case announcement(RoundAnnouncement)
    case chunk(ChunkHeader)
    case receipt(Receipt)
    case finish(Finish)
    case enrolled(Enrolled)
    /// Send the update of this session from this chunk on. A client holds chunk 1 and later back until it is told so,
    /// which bounds what the coordinator has to keep.
    case sendOn(ResumePoint)
    /// A step of secure aggregation.
    case masking(MaskingStep)
    /// A part of the signed roster.
    case roster(RosterPart)

    /// Answer to `Hello`.
    public struct Welcome: Hashable, Sendable {
        /// The federation that answers or that is joined.
        public var federation: FederationID
        /// Position in the roster, stable for the life of the federation.
        public var clientNumber: Int
        /// Canonical JSON of the federation's parameters, packed; nil when the client already knows them.
        public var parameters: [UInt8]?
        /// An upload that was cut off, or nil.
        public var resume: ResumePoint?

        /// Makes the value from its fields.
        public init(federation: FederationID, clientNumber: Int, parameters: [UInt8]?, resume: ResumePoint? = nil) {
            self.federation = federation
            self.clientNumber = clientNumber
            self.parameters = parameters
            self.resume = resume
        }
    }

    /// The client is not served.
    public struct Refusal: Hashable, Sendable {
        /// Why, for the program.
        public var reason: RefusalReason
        /// For people.
        public var detail: String

        /// Makes the value from its fields.
        public init(reason: RefusalReason, detail: String) {
            self.reason = reason
            self.detail = detail
        }
    }

    /// A client of the cohort is asked to train; chunk 0 of the encoded model rides along as payload.
    public struct RoundAnnouncement: Hashable, Sendable {
        /// Counts from 1.
        public var round: UInt32
        /// 0, or how often this round was begun before.
        public var attempt: UInt32
        /// Version of the model to train from.
        public var version: UInt32
        /// The payload is a difference against this version; nil: it is the whole model.
        public var baseVersion: UInt32?
        /// BLAKE2b-256 of the canonical bytes of the model.
        public var modelHash: Digest
        /// X25519; updates are sealed to it.
        public var roundKey: PublicKeyBytes
        /// Ed25519 by the coordinator's identity.
        public var signature: SignatureBytes
        /// From now on.
        public var deadline: Duration
        /// Bytes of the encoded model; 0: the client holds it already.
        public var byteCount: Int
        /// Of the roster that holds the clients' identities; only in the masked lane.
        public var rosterHash: Digest?
        /// Round of the client's update that its next one may be predicted by; nil: none is held.
        public var predictionRound: UInt32?

        /// Makes the value from its fields.
        public init(
            round: UInt32, attempt: UInt32, version: UInt32, baseVersion: UInt32?, modelHash: Digest,
            roundKey: PublicKeyBytes, signature: SignatureBytes, deadline: Duration, byteCount: Int,
            rosterHash: Digest? = nil, predictionRound: UInt32? = nil
        ) {
            self.predictionRound = predictionRound
            self.rosterHash = rosterHash
            self.round = round
            self.attempt = attempt
            self.version = version
            self.baseVersion = baseVersion
            self.modelHash = modelHash
            self.roundKey = roundKey
            self.signature = signature
            self.deadline = deadline
            self.byteCount = byteCount
        }
    }

    /// What became of an update.
    public struct Receipt: Hashable, Sendable {
        /// The round attempt that this belongs to.
        public var session: SessionID
        /// Accepted, or the reason why not.
        public var outcome: UpdateOutcome

        /// Makes the value from its fields.
        public init(session: SessionID, outcome: UpdateOutcome) {
            self.session = session
            self.outcome = outcome
        }
    }

    /// The federation is complete; clients may stop.
    public struct Finish: Hashable, Sendable {
        /// Version of the global model.
        public var version: UInt32
        /// BLAKE2b-256 of the canonical bytes of the model.
        public var modelHash: Digest

        /// Makes the value from its fields.
        public init(version: UInt32, modelHash: Digest) {
            self.version = version
            self.modelHash = modelHash
        }
    }

    /// Answer to `Join`.
    public struct Enrolled: Hashable, Sendable {
        /// The federation that answers or that is joined.
        public var federation: FederationID
        /// Position in the roster, stable for the life of the federation.
        public var clientNumber: Int
        /// The coordinator's Ed25519 key, which the client pins.
        public var coordinatorIdentity: PublicKeyBytes

        /// Makes the value from its fields.
        public init(federation: FederationID, clientNumber: Int, coordinatorIdentity: PublicKeyBytes) {
            self.federation = federation
            self.clientNumber = clientNumber
            self.coordinatorIdentity = coordinatorIdentity
        }
    }
}

/// Why a client is not served.
public enum RefusalReason: String, Hashable, Sendable, CaseIterable {
    case protocolVersion
    case notEnrolled
    case tokenUsed
    case tokenExpired
    case malformed
    case revoked
    case tooLarge
}

/// What became of an update: accepted, or the reason why it was rejected.
public enum UpdateOutcome: String, Hashable, Sendable, CaseIterable, Codable {
    case accepted
    /// It came after the deadline of its round.
    case late
    /// It belongs to a round or an attempt that is over.
    case stale
    /// The client had sent a different update in this round; the first one counts.
    case equivocation
    case notInCohort
    case authenticationFailed
    case malformed
    case wrongShape
    /// It holds NaN or Inf.
    case notFinite
    /// A value or the weight is larger than the fixed-point accumulator accepts.
    case outOfRange
    case tooLarge
    /// It was trained from a version that is further behind than buffered rounds allow.
    case tooStale
}
