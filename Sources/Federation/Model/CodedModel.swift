import Encryption
import Messages
import Tensors
import UpdateCodec

/// A model as its way from version 0, in one or more steps that a codec of updates has written.
///
/// Everybody makes version 0 from the seed, so the steps are all that has to be sent and stored. The hash covers version
/// 0 and the bytes of the steps, not the floats that they decode to: two kinds of machine may round a decoded value
/// differently in the last bit, which does no harm to training.
public struct CodedModel: Hashable, Sendable {
    /// What the model's codec and shape are.
    struct Form: Hashable, Sendable {
        let layout: ParameterLayout
        /// Specification of the codec.
        let codec: String
        /// Most bytes of a step; nil: as many as the codec takes.
        let stepByteCount: Int?
        /// Whether a step is coded as the difference to the one before it.
        let predicts: Bool
    }

    let form: Form
    /// Encoded steps, the oldest first.
    let steps: [[UInt8]]
    /// Version 0, then the model after each step.
    let hashes: [Digest]
    /// The parameters that clients train from.
    public let parameters: [Float]
    /// What the last step moved them by; empty in version 0 and where steps are not predicted.
    private let lastMove: [Float]

    /// Version 0.
    ///
    /// - Parameter stepByteCount: most bytes of a step; nil: as many as the codec takes.
    /// - Throws: `FederationError.codec` for a codec that is not known.
    package init(
        initial: [Float], layout: ParameterLayout, codec: String, stepByteCount: Int? = nil,
        predicts: Bool = false
    ) throws(FederationError) {
        do { _ = try UpdateCodecs.named(codec) } catch { throw .codec(String(describing: error)) }
        form = Form(
            layout: layout, codec: codec, stepByteCount: stepByteCount,
            predicts: predicts && CappedCodec.isTransform(codec))
        steps = []
        hashes = [Digest(unchecked: Blake2b256.hash(FloatBytes.encode(initial)))]
        parameters = initial
        lastMove = []
    }

    private init(form: Form, steps: [[UInt8]], hashes: [Digest], parameters: [Float], lastMove: [Float]) {
        self.form = form
        self.steps = steps
        self.hashes = hashes
        self.parameters = parameters
        self.lastMove = lastMove
    }

    /// BLAKE2b-256 over the hash before the last step and the bytes of that step; of version 0, over its floats.
    package var hash: Digest { hashes[hashes.count - 1] }

    /// Bytes of all steps.
    package var byteCount: Int { steps.reduce(0) { $0 + $1.count } }

    /// One step nearer to a master.
    ///
    /// What a later step leaves out follows with the next one, so it keeps to the codec's own cap. A step from version 0
    /// has the whole way in it and does not.
    ///
    /// - Parameter round: for codecs whose target moves.
    /// - Throws: `FederationError.codec` for values that the codec refuses.
    package func approaching(_ master: [Float], round: Int = 1) throws(FederationError) -> CodedModel {
        var way = master
        for index in way.indices { way[index] -= parameters[index] }
        let step: [UInt8]
        do {
            var context = context
            context.round = round
            step = try codec(obeysOwnCap: !steps.isEmpty).encode(way, layout: form.layout, context: context)
        } catch { throw .codec(String(describing: error)) }
        return try taking(step)
    }

    /// The model after steps that follow on each other.
    ///
    /// - Throws: `FederationError.codec` for damage.
    package func applying(_ bytes: [UInt8]) throws(FederationError) -> CodedModel {
        var model = self
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { throw .codec("the steps end within a length") }
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard count <= rest.count else { throw .codec("the steps end within a step") }
            model = try model.taking(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return model
    }

    /// All steps as bytes: the length of each in four bytes, the least significant first, and the step.
    package func encoded() -> [UInt8] { Self.encoded(steps[...]) }

    /// The bytes that lead from another model to this one; nil when the other one does not lie on the way.
    package func difference(from base: Digest) -> [UInt8]? {
        guard let position = hashes.firstIndex(of: base) else { return nil }
        return Self.encoded(steps[position...])
    }

    private static func encoded(_ steps: ArraySlice<[UInt8]>) -> [UInt8] {
        Array(steps.map { UInt32($0.count).littleEndianBytes + $0 }.joined())
    }

    private func taking(_ step: [UInt8]) throws(FederationError) -> CodedModel {
        var values = [Float](repeating: 0, count: parameters.count)
        do { try codec().decode(step, layout: form.layout, context: context, into: &values) } catch {
            throw .codec(String(describing: error))
        }
        let move = form.predicts ? values : []
        for index in values.indices { values[index] += parameters[index] }
        let next = Digest(unchecked: Blake2b256.hash([hash.bytes, step]))
        return CodedModel(
            form: form, steps: steps + [step], hashes: hashes + [next], parameters: values, lastMove: move)
    }

    private func codec(obeysOwnCap: Bool = true) throws(CodecError) -> any UpdateCodec {
        if lastMove.isEmpty {
            return try StatisticsApart.codec(
                form.codec, layout: form.layout, byteCount: form.stepByteCount, obeysOwnCap: obeysOwnCap)
        }
        return try PredictedCodec.codec(
            form.codec, layout: form.layout, byteCount: form.stepByteCount, obeysOwnCap: obeysOwnCap)
    }

    /// Steps are decoded by everybody alike, without anything that is special to a client or a round.
    private var context: CodecContext {
        var context = CodecContext(seed: Seed(0))
        if !lastMove.isEmpty { context.prediction = UpdatePrediction(values: lastMove, tag: 0) }
        return context
    }
}
