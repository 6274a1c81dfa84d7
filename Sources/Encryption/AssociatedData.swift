/// Everything that a sealed chunk is bound to: it opens only where all of this is the same.
public struct AssociatedData: Hashable, Sendable {
    /// What the chunk is part of.
    public enum Phase: UInt8, Hashable, Sendable, CaseIterable {
        case update = 1
        case model = 2
        case keys = 3
        case shares = 4
        case unmasking = 5
    }

    /// Length of every encoding, in bytes.
    public static let byteCount = 193
    /// Bytes of a result id.
    public static let resultIDByteCount = 8

    /// Version of the wire protocol.
    public var protocolVersion: UInt32
    /// 16 bytes.
    public let federation: [UInt8]
    /// Number of the round.
    public var round: UInt32
    /// 16 bytes, one attempt at the round.
    public let session: [UInt8]
    /// What the chunk is part of.
    public var phase: Phase
    /// Public key of the sender, 32 bytes.
    public let sender: [UInt8]
    /// Public key of the receiver, 32 bytes.
    public let receiver: [UInt8]
    /// Hash of the model that was trained from, 32 bytes.
    public let modelHash: [UInt8]
    /// Hash of the federation's parameters, 32 bytes.
    public let parameterHash: [UInt8]
    /// Digest of the whole payload, 8 bytes: `resultID(of:)`.
    public let resultID: [UInt8]
    /// Position of the chunk, from 0.
    public var chunkIndex: UInt32
    /// Chunks of the payload.
    public var chunkCount: UInt32
    /// Bytes of the whole payload before sealing.
    public var byteCount: UInt64

    /// Binds a chunk.
    ///
    /// - Throws: `wrongLength` when a byte string does not have the length that its property states.
    public init(
        protocolVersion: UInt32, federation: [UInt8], round: UInt32, session: [UInt8], phase: Phase, sender: [UInt8],
        receiver: [UInt8], modelHash: [UInt8], parameterHash: [UInt8], resultID: [UInt8], chunkIndex: UInt32,
        chunkCount: UInt32, byteCount: UInt64
    ) throws(EncryptionError) {
        try requireLength(federation, 16, "federation")
        try requireLength(session, 16, "session")
        try requireLength(sender, 32, "sender")
        try requireLength(receiver, 32, "receiver")
        try requireLength(modelHash, 32, "model hash")
        try requireLength(parameterHash, 32, "parameter hash")
        try requireLength(resultID, Self.resultIDByteCount, "result id")
        self.protocolVersion = protocolVersion
        self.federation = federation
        self.round = round
        self.session = session
        self.phase = phase
        self.sender = sender
        self.receiver = receiver
        self.modelHash = modelHash
        self.parameterHash = parameterHash
        self.resultID = resultID
        self.chunkIndex = chunkIndex
        self.chunkCount = chunkCount
        self.byteCount = byteCount
    }

    /// The result id of a payload: the first 8 bytes of its personalised BLAKE2b-256.
    public static func resultID(of payload: [UInt8]) -> [UInt8] {
        Array(Blake2b256.hash([payload], personal: Array("swiftlet-result1".utf8)).prefix(resultIDByteCount))
    }

    /// The same payload's binding for another chunk.
    public func chunk(_ index: UInt32) -> AssociatedData {
        var other = self
        other.chunkIndex = index
        return other
    }

    /// The canonical form: all fields in the order of `init`, fixed lengths, integers little-endian; 193 bytes.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.append(littleEndian: protocolVersion)
        bytes += federation
        bytes.append(littleEndian: round)
        bytes += session
        bytes.append(phase.rawValue)
        for field in [sender, receiver, modelHash, parameterHash, resultID] { bytes += field }
        bytes.append(littleEndian: chunkIndex)
        bytes.append(littleEndian: chunkCount)
        bytes.append(littleEndian: byteCount)
        return bytes
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
