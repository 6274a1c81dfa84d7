import Encryption
import UpdateCodec

/// The last update of a client that counted, as both sides decoded it: what its next one is predicted by.
public struct LastUpdate: Hashable, Sendable {
    /// The round of that update.
    public var round: UInt32
    /// The first four bytes of BLAKE2b-256 over the round, in four bytes, and the encoded update, least significant first.
    ///
    /// An update that was predicted has the tag of its own prediction in its bytes, so the tag stands for all that the
    /// values come from.
    public var tag: UInt32
    /// One value per parameter.
    public var values: [Float]

    /// Makes the value from its fields.
    public init(round: UInt32, tag: UInt32, values: [Float]) {
        self.round = round
        self.tag = tag
        self.values = values
    }

    init(round: UInt32, bytes: [UInt8], decoded: [Float]) {
        let hash = Blake2b256.hash([round.littleEndianBytes, bytes])
        self.init(round: round, tag: hash.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }, values: decoded)
    }

    var prediction: UpdatePrediction { UpdatePrediction(values: values, tag: tag) }
}

extension LastUpdate {
    func write(to writer: inout StoredBytesWriter) {
        writer.integer(round)
        writer.integer(tag)
        writer.floats(values)
    }

    init(from reader: inout StoredBytesReader) throws(FederationError) {
        self.init(
            round: try reader.integer("last round"), tag: try reader.integer("last tag"),
            values: try reader.floats("last update"))
    }
}
