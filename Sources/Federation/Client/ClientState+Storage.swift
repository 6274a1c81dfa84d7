import Messages

extension ClientState {
    private static let kind = "swltclst"
    private static let formatVersion: UInt32 = 4

    /// The state as bytes, with a format version and a checksum.
    public func encoded() -> [UInt8] {
        var writer = StoredBytesWriter(kind: Self.kind, version: Self.formatVersion)
        writer.optional(parameters) { $0.string($1) }
        writer.optional(clientNumber) { $0.integer(Int64($1)) }
        writer.optional(held) { writer, held in
            writer.integer(held.version)
            writer.string(held.modelHash.bytes)
            writer.string(held.bytes)
        }
        writer.floats(residual)
        writer.optional(pending) { $1.write(to: &$0) }
        writer.optional(lastUpdate) { $1.write(to: &$0) }
        writer.optional(maskedSession) { $0.string($1.bytes) }
        writer.optional(roster) { $0.string($1) }
        writer.integer(UInt32(rosterEpochs.count))
        for (federation, epoch) in rosterEpochs.sorted(by: { $0.key < $1.key }) {
            writer.string(federation.bytes)
            writer.integer(epoch)
        }
        return writer.finish()
    }

    /// Reads what `encoded` made.
    ///
    /// - Throws: `FederationError.damagedState`, `.checksumMismatch`, `.unknownStateVersion`.
    public init(decoding bytes: [UInt8]) throws(FederationError) {
        var reader = try StoredBytesReader(bytes, kind: Self.kind, version: Self.formatVersion)
        self.init()
        if try reader.isPresent("parameters") { parameters = try reader.string("parameters") }
        if try reader.isPresent("client number") {
            let number: Int64 = try reader.integer("client number")
            guard number >= 0 else { throw .damagedState("client number") }
            clientNumber = Int(number)
        }
        if try reader.isPresent("held model") {
            held = HeldModel(
                version: try reader.integer("held version"), modelHash: try reader.digest("held hash"),
                bytes: try reader.string("held model"))
        }
        residual = try reader.floats("residual")
        if try reader.isPresent("pending update") { pending = try PendingUpdate(from: &reader) }
        if try reader.isPresent("last update") { lastUpdate = try LastUpdate(from: &reader) }
        if try reader.isPresent("masked session") {
            guard let session = SessionID(try reader.string("masked session")) else {
                throw .damagedState("masked session")
            }
            maskedSession = session
        }
        if try reader.isPresent("roster") { roster = try reader.string("roster") }
        let epochCount: UInt32 = try reader.integer("roster epochs")
        for _ in 0..<epochCount {
            guard let federation = FederationID(try reader.string("roster epochs")) else {
                throw .damagedState("roster epochs")
            }
            rosterEpochs[federation] = try reader.integer("roster epochs")
        }
        try reader.finish()
    }
}

extension PendingUpdate {
    fileprivate func write(to writer: inout StoredBytesWriter) {
        writer.integer(round)
        writer.integer(version)
        writer.string(modelHash.bytes)
        writer.string(bytes)
        writer.integer(Int64(sampleCount))
        writer.integer(trainingLoss.bitPattern)
        writer.floats(residualAfter)
        writer.optional(made) { $1.write(to: &$0) }
        writer.optional(predictedFrom) { $0.integer($1) }
    }

    fileprivate init(from reader: inout StoredBytesReader) throws(FederationError) {
        let round: UInt32 = try reader.integer("pending round")
        let version: UInt32 = try reader.integer("pending version")
        let modelHash = try reader.digest("pending hash")
        let bytes = try reader.string("pending update")
        let sampleCount: Int64 = try reader.integer("pending samples")
        let loss: UInt32 = try reader.integer("pending loss")
        self.init(
            round: round, version: version, modelHash: modelHash, bytes: bytes, sampleCount: Int(sampleCount),
            trainingLoss: Float(bitPattern: loss), residualAfter: try reader.floats("pending residual"))
        if try reader.isPresent("pending prediction") { made = try LastUpdate(from: &reader) }
        if try reader.isPresent("pending base") { predictedFrom = try reader.integer("pending base") }
    }
}
