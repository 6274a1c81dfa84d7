import Messages
import Tensors
import UpdateCodec

/// The model as a client holds it, and how its updates are made.
struct LocalModel: Sendable {
    let layout: ParameterLayout
    let codec: any UpdateCodec
    /// Version 0, which a client can always go back to.
    let initial: PublishedModel
    /// Version 0 as it is trained from; empty in the visible lane.
    let origin: [Float]
    private(set) var version: UInt32
    private(set) var hash: Digest
    private(set) var published: PublishedModel

    /// Builds version 0.
    ///
    /// - Parameter updateLimit: most bytes of an update that suit the device; nil: any number.
    init(
        layout: ParameterLayout, initial: [Float], compression: Compression, updateLimit: Int?
    ) throws(FederationError) {
        guard initial.count == layout.count else {
            throw .shapeMismatch(expected: layout.count, actual: initial.count)
        }
        self.layout = layout
        do { codec = try compression.updateCodec(layout: layout, limit: updateLimit) } catch {
            throw .codec(String(describing: error))
        }
        version = 0
        self.initial = try PublishedModel(initial, layout: layout, compression: compression)
        published = self.initial
        hash = published.hash
        origin = codec is MaskedCodec ? published.parameters : []
    }

    /// Goes over to a version whose hash has verified.
    mutating func hold(_ model: PublishedModel, version: UInt32, hash: Digest) {
        published = model
        self.version = version
        self.hash = hash
    }

    /// Goes over to a stored version.
    ///
    /// - Throws: `FederationError.codec`, `.damagedState` when it is not what it was; version 0 stays.
    mutating func hold(_ stored: HeldModel) throws(FederationError) {
        let model = try initial.decodingWhole(stored.bytes, layout: layout)
        guard model.hash == stored.modelHash else { throw .damagedState("held model") }
        hold(model, version: stored.version, hash: stored.modelHash)
    }

    /// What is stored of it.
    var stored: HeldModel { HeldModel(version: version, modelHash: hash, bytes: published.encoded()) }
}
