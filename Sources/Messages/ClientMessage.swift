/// What a client says to the coordinator.
public enum ClientMessage: Hashable, Sendable {
    case hello(Hello)
    case join(Join)
    case update(UpdateHeader)
    case chunk(ChunkHeader)
    case modelRequest(ModelRequest)
    case decline(Decline)
    case goodbye
    /// A step of secure aggregation.
    case masking(MaskingStep)

    /// First message after every connection.
    public struct Hello: Hashable, Sendable {
        /// What the sender speaks; see `ProtocolLimits.version`.
        public var protocolVersion: UInt32
        /// X25519, fresh for every run of the client.
        public var sessionKey: PublicKeyBytes
        /// Hash of the parameters that the client knows, or nil.
        public var parameterHash: Digest?
        /// Version of the global model that the client holds, or nil.
        public var heldVersion: UInt32?
        /// Local training samples.
        public var sampleCount: Int
        /// Name of a device profile, may be empty.
        public var deviceProfile: String
        /// A download that was cut off, or nil.
        public var resume: ResumePoint?
        /// Ed25519; signs the client's keys in the masked lane, or nil.
        public var identityKey: PublicKeyBytes?
        /// Epoch of the signed roster that the client holds, 0 for none; nil for a client that pins no root key.
        public var rosterEpoch: UInt64?

        /// Makes the value from its fields.
        public init(
            protocolVersion: UInt32 = ProtocolLimits.version, sessionKey: PublicKeyBytes, parameterHash: Digest? = nil,
            heldVersion: UInt32? = nil, sampleCount: Int, deviceProfile: String = "", resume: ResumePoint? = nil,
            identityKey: PublicKeyBytes? = nil, rosterEpoch: UInt64? = nil
        ) {
            self.identityKey = identityKey
            self.rosterEpoch = rosterEpoch
            self.protocolVersion = protocolVersion
            self.sessionKey = sessionKey
            self.parameterHash = parameterHash
            self.heldVersion = heldVersion
            self.sampleCount = sampleCount
            self.deviceProfile = deviceProfile
            self.resume = resume
        }
    }

    /// Enrolment over a connection whose CURVE key is that of a one-time token.
    public struct Join: Hashable, Sendable {
        /// What the sender speaks; see `ProtocolLimits.version`.
        public var protocolVersion: UInt32
        /// The CURVE key that the client will use from now on.
        public var transportKey: PeerID
        /// The client's Ed25519 key.
        public var identityKey: PublicKeyBytes
        /// What operators call this client.
        public var name: String

        /// Makes the value from its fields.
        public init(
            protocolVersion: UInt32 = ProtocolLimits.version, transportKey: PeerID, identityKey: PublicKeyBytes,
            name: String
        ) {
            self.protocolVersion = protocolVersion
            self.transportKey = transportKey
            self.identityKey = identityKey
            self.name = name
        }
    }

    /// Announces an update; its chunk 0 rides along as payload.
    public struct UpdateHeader: Hashable, Sendable {
        /// The round attempt that this belongs to.
        public var session: SessionID
        /// Digest of the update.
        public var resultID: ResultID
        /// Samples trained on, 1 or more.
        public var sampleCount: Int
        /// Mean loss of the local training, finite.
        public var trainingLoss: Float
        /// Bytes of the encoded update before sealing.
        public var byteCount: Int

        /// Makes the value from its fields.
        public init(session: SessionID, resultID: ResultID, sampleCount: Int, trainingLoss: Float, byteCount: Int) {
            self.session = session
            self.resultID = resultID
            self.sampleCount = sampleCount
            self.trainingLoss = trainingLoss
            self.byteCount = byteCount
        }
    }

    /// The client cannot use the difference that it was sent.
    public struct ModelRequest: Hashable, Sendable {
        /// The round attempt that this belongs to.
        public var session: SessionID
        /// Version of the global model that the client holds, or nil.
        public var heldVersion: UInt32?

        /// Makes the value from its fields.
        public init(session: SessionID, heldVersion: UInt32?) {
            self.session = session
            self.heldVersion = heldVersion
        }
    }

    /// The client takes part no further in this round.
    public struct Decline: Hashable, Sendable {
        /// The round attempt that this belongs to.
        public var session: SessionID
        /// Why, for the program.
        public var reason: DeclineReason

        /// Makes the value from its fields.
        public init(session: SessionID, reason: DeclineReason) {
            self.session = session
            self.reason = reason
        }
    }
}

/// Why a client takes no part in a round.
public enum DeclineReason: String, Hashable, Sendable, CaseIterable {
    case busy
    /// Training produced NaN or Inf.
    case diverged
    case noData
    /// Signature, hash or payload of the announcement did not verify.
    case badAnnouncement
    case failed
    /// The pinned root key has not signed the roster that the round is run with.
    case roster
}

/// Chunk 1 and later of a model or of an update; the chunk itself is the payload.
public struct ChunkHeader: Hashable, Sendable {
    /// The round attempt that this belongs to.
    public var session: SessionID
    /// Position of the chunk, 1 or more.
    public var index: Int

    /// Makes the value from its fields.
    public init(session: SessionID, index: Int) {
        self.session = session
        self.index = index
    }
}

/// Where an interrupted transfer goes on.
public struct ResumePoint: Hashable, Sendable {
    /// The round attempt that this belongs to.
    public var session: SessionID
    /// The first chunk that is missing.
    public var nextChunk: Int

    /// Makes the value from its fields.
    public init(session: SessionID, nextChunk: Int) {
        self.session = session
        self.nextChunk = nextChunk
    }
}
