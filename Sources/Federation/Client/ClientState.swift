import Messages

/// What a client keeps over restarts.
public struct ClientState: Hashable, Sendable {
    /// Canonical JSON of the federation's parameters as received; nil: not known yet.
    public var parameters: [UInt8]?
    /// Position in the roster; nil: not known yet.
    public var clientNumber: Int?
    /// The global model that the client holds; nil: version 0.
    public var held: HeldModel?
    /// What compression left behind so far, one value per parameter or empty. Without the effect of `pending`.
    public var residual: [Float]
    /// The update of the newest round that was trained in; nil: none.
    public var pending: PendingUpdate?
    /// The last update that counted, where the coordinator holds it too and the next one is predicted by it.
    public var lastUpdate: LastUpdate?
    /// The masked session that the client took part in last: a later run of it stays out of that one.
    public var maskedSession: SessionID?
    /// The newest signed roster of the federation, encoded; nil: none.
    public var roster: [UInt8]?
    /// The newest epoch of a signed roster that was seen, by federation: an older one is refused.
    public var rosterEpochs: [FederationID: UInt64]

    /// Makes the value from its fields; by default the state of a client that knows nothing.
    public init(
        parameters: [UInt8]? = nil, clientNumber: Int? = nil, held: HeldModel? = nil, residual: [Float] = [],
        pending: PendingUpdate? = nil, lastUpdate: LastUpdate? = nil, maskedSession: SessionID? = nil,
        roster: [UInt8]? = nil,
        rosterEpochs: [FederationID: UInt64] = [:]
    ) {
        self.roster = roster
        self.rosterEpochs = rosterEpochs
        self.maskedSession = maskedSession
        self.parameters = parameters
        self.clientNumber = clientNumber
        self.held = held
        self.residual = residual
        self.pending = pending
        self.lastUpdate = lastUpdate
    }
}

/// A version of the global model as a client keeps it.
public struct HeldModel: Hashable, Sendable {
    /// Its version.
    public var version: UInt32
    /// Its hash.
    public var modelHash: Digest
    /// The whole model as `PublishedModel` stores it.
    public var bytes: [UInt8]

    /// Makes the value from its fields.
    public init(version: UInt32, modelHash: Digest, bytes: [UInt8]) {
        self.version = version
        self.modelHash = modelHash
        self.bytes = bytes
    }
}

/// An encoded update that may have to be sent again.
public struct PendingUpdate: Hashable, Sendable {
    /// The round it was made in.
    public var round: UInt32
    /// Version of the model that it was trained from.
    public var version: UInt32
    /// Hash of that model.
    public var modelHash: Digest
    /// The encoded update.
    public var bytes: [UInt8]
    /// Samples that were trained on.
    public var sampleCount: Int
    /// Mean loss over the training.
    public var trainingLoss: Float
    /// The residual once the coordinator has this update, one value per parameter or empty.
    public var residualAfter: [Float]
    /// What the coordinator makes of it; nil where nothing is predicted by it.
    public var made: LastUpdate?
    /// Round of the update that it was predicted by; nil: it can be read without.
    public var predictedFrom: UInt32?

    /// Makes the value from its fields.
    public init(
        round: UInt32, version: UInt32, modelHash: Digest, bytes: [UInt8], sampleCount: Int, trainingLoss: Float,
        residualAfter: [Float], made: LastUpdate? = nil, predictedFrom: UInt32? = nil
    ) {
        self.made = made
        self.predictedFrom = predictedFrom
        self.round = round
        self.version = version
        self.modelHash = modelHash
        self.bytes = bytes
        self.sampleCount = sampleCount
        self.trainingLoss = trainingLoss
        self.residualAfter = residualAfter
    }
}
