import Messages
import Quantization
import UpdateCodec

/// An encoded model, cut into chunks that all clients share.
struct ChunkedPayload: Sendable {
    let byteCount: Int
    let chunks: [[UInt8]]

    init(_ bytes: [UInt8]) {
        byteCount = bytes.count
        chunks = (0..<ProtocolLimits.chunkCount(of: bytes.count)).map {
            Array(bytes[ProtocolLimits.chunkRange($0, of: bytes.count)])
        }
    }
}

/// The newest version, the ones before it as far as a byte budget goes, and the encodings that clients get.
struct ModelHistory: Sendable {
    /// What a client is sent: nothing, a difference or the whole model.
    struct Encoding: Sendable {
        let base: UInt32?
        let payload: ChunkedPayload
    }

    private let byteBudget: Int
    private(set) var version: UInt32
    private(set) var newest: PublishedModel
    private var lattices: [UInt32: ModelLattice] = [:]
    private var codedHashes: [UInt32: Digest] = [:]
    private var whole: ChunkedPayload?
    private var encodings: [UInt32: Encoding] = [:]

    init(version: UInt32, model: PublishedModel, byteBudget: Int) {
        self.version = version
        newest = model
        self.byteBudget = byteBudget
        note(version, model)
    }

    /// Takes over a new version; encodings of the one before are dropped.
    mutating func publish(version: UInt32, model: PublishedModel) {
        self.version = version
        newest = model
        whole = nil
        encodings = [:]
        note(version, model)
        trim()
    }

    /// Keeps an older version to make differences against.
    mutating func keep(version: UInt32, model: PublishedModel) {
        note(version, model)
        trim()
    }

    /// The smallest encoding for a client that holds `base`; nil: it holds nothing that can be built on.
    mutating func encoding(base: UInt32?) -> Encoding {
        if let base, base == version { return Encoding(base: base, payload: ChunkedPayload([])) }
        if case .coded(let model) = newest { return encoding(of: model, base: base ?? 0) }
        guard let base else { return Encoding(base: nil, payload: wholePayload()) }
        if let known = encodings[base] { return known }
        var encoding = Encoding(base: nil, payload: wholePayload())
        if case .lattice(let target) = newest, let held = lattices[base] {
            let difference = LatticeDifference.encode(from: held, to: target)
            if difference.count < encoding.payload.byteCount {
                encoding = Encoding(base: base, payload: ChunkedPayload(difference))
            }
        }
        encodings[base] = encoding
        return encoding
    }

    /// The steps that a client lacks; all of them where the version it holds does not lie on the way.
    private mutating func encoding(of model: CodedModel, base: UInt32) -> Encoding {
        if let known = encodings[base] { return known }
        let encoding =
            if let held = codedHashes[base], let difference = model.difference(from: held) {
                Encoding(base: base, payload: ChunkedPayload(difference))
            } else {
                Encoding(base: 0, payload: wholePayload())
            }
        encodings[base] = encoding
        return encoding
    }

    /// Versions that differences can be made against.
    var keptVersions: [UInt32] { lattices.keys.sorted() }

    private mutating func note(_ version: UInt32, _ model: PublishedModel) {
        switch model {
        case .float: break
        case .lattice(let lattice): lattices[version] = lattice
        case .coded(let model):
            codedHashes[version] = model.hash
            codedHashes = codedHashes.filter { model.hashes.contains($1) }
        }
    }

    private mutating func wholePayload() -> ChunkedPayload {
        if let whole { return whole }
        let payload = ChunkedPayload(newest.encoded())
        whole = payload
        return payload
    }

    private mutating func trim() {
        guard let size = lattices[version].map({ 2 * $0.values.count + $0.scaleCodes.count }), size > 0 else { return }
        let allowed = max(1, byteBudget / size)
        for old in lattices.keys.sorted().dropLast(allowed) { lattices[old] = nil }
    }
}
