/// What every client of a masked round must see alike: it is part of every signature and, through the session id, of
/// every key.
public struct MaskingContext: Hashable, Sendable {
    /// The federation, 16 bytes.
    public let federation: [UInt8]
    /// Number of the round.
    public let round: UInt32
    /// This attempt at the round, 16 bytes.
    public let attempt: [UInt8]
    /// Hash of the model that is trained from, 32 bytes.
    public let modelHash: [UInt8]
    /// Hash of the federation's parameters, 32 bytes.
    public let parameterHash: [UInt8]
    /// Hash of the roster that holds the clients' identities, 32 bytes.
    public let rosterHash: [UInt8]

    /// Makes the value from its fields, whose lengths are those that their comments state.
    public init(
        federation: [UInt8], round: UInt32, attempt: [UInt8], modelHash: [UInt8], parameterHash: [UInt8],
        rosterHash: [UInt8]
    ) {
        precondition(federation.count == 16 && attempt.count == 16)
        precondition(modelHash.count == 32 && parameterHash.count == 32 && rosterHash.count == 32)
        self.federation = federation
        self.round = round
        self.attempt = attempt
        self.modelHash = modelHash
        self.parameterHash = parameterHash
        self.rosterHash = rosterHash
    }

    /// All fields in order, fixed lengths, 132 bytes.
    public var encoded: [UInt8] {
        federation + MaskingBytes.integer(Int(round), 4) + attempt + modelHash + parameterHash + rosterHash
    }
}
