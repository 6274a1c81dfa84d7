import Quantization
import Tensors

/// Transform coding of an update, tensor by tensor: a low-rank product of quantized factors, a grid of quantized values
/// for what it leaves behind or for the whole tensor, or nothing, whichever is the cheapest by rate and distortion; all
/// integers entropy-coded by adaptive context mixing.
///
/// A client's update after a few local steps is close to low rank (Vogels et al. 2019, PowerSGD, arXiv:1905.13727),
/// which factors use; the context model and the choice by rate–distortion cost are those of video coding.
public struct TransformCodec: UpdateCodec {
    /// What the encoder aims at.
    public let options: TransformOptions
    /// The specification that made the codec.
    public let name: String
    /// Always false.
    public var isLossless: Bool { false }

    /// Makes a codec.
    public init(name: String, options: TransformOptions) {
        self.name = name
        self.options = options
    }

    /// Encodes an update; see `UpdateCodec`.
    public func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        let largest = try checkUpdate(update, layout: layout)
        let known = try Self.knownActivity(context, layout: layout)
        let options = options.inRound(context.round, energyShare: context.energyShare)
        return try update.withUnsafeBufferPointer { values throws(CodecError) in
            try encode(values, largest: largest, layout: layout, known: known, options: options)
        }
    }

    private func encode(
        _ update: UnsafeBufferPointer<Float>, largest: Float, layout: ParameterLayout, known: KnownActivity?,
        options: TransformOptions
    ) throws(CodecError) -> [UInt8] {
        let encoder = try TransformEncoder(update, largest: largest, layout: layout, options: options)
        guard let trial = encoder.search(known: known) else {
            return UpdateFrame.wrap([], identifier: .transform, layout: layout)
        }
        func frame(_ trial: TransformTrial, _ known: KnownActivity?) -> [UInt8] {
            UpdateFrame.wrap(
                encoder.payload(of: trial, known: known),
                identifier: known == nil ? .transform : .transformWithContext, layout: layout)
        }
        var best = frame(trial, nil)
        var useful: KnownActivity?
        if let known {
            let informed = frame(trial, known)
            if informed.count < best.count { (best, useful) = (informed, known) }
        }
        if let scalars = Self.withoutFactors(options),
            encoder.mayBeFewer(than: best.count, withoutFactorsOf: trial)
        {
            let plain = try encode(update, largest: largest, layout: layout, known: known, options: scalars)
            if plain.count < best.count { best = plain }
        }
        guard let most = options.cappedByteCount(parameterCount: layout.count), best.count > most else { return best }
        guard let capped = encoder.search(bytes: most, coarserThan: trial, known: useful) else {
            return UpdateFrame.wrap([], identifier: .transform, layout: layout)
        }
        if let worst = options.worst, encoder.nmse(of: capped) > worst, let eased = encoder.search(nmse: worst) {
            return frame(eased, useful)
        }
        return frame(capped, useful)
    }

    /// The same target without factors, for updates that have a few lone values and no structure besides; nil where
    /// factors, or their absence, are asked for.
    private static func withoutFactors(_ options: TransformOptions) -> TransformOptions? {
        guard options.allowsFactors, options.gridUse == .everywhere, case .nmse = options.target else { return nil }
        var scalars = options
        scalars.allowsFactors = false
        scalars.cap = nil
        return scalars
    }

    /// Decodes into `output`; see `UpdateCodec`.
    public func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        try checkOutput(output, layout: layout)
        let isInformed = bytes.first.map { $0 & 31 == CodecIdentifier.transformWithContext.rawValue } ?? false
        let range = try UpdateFrame.unwrap(
            bytes, identifier: isInformed ? .transformWithContext : .transform, layout: layout)
        let known = isInformed ? try Self.knownActivity(context, layout: layout) : nil
        if isInformed, known == nil { throw .missingContext }
        if range.isEmpty {
            for index in output.indices { output[index] = 0 }
            return
        }
        guard range.count >= 2 else { throw .corruptPayload("a payload of one byte") }
        let word = UInt16(bytes[range.lowerBound]) | UInt16(bytes[range.lowerBound + 1]) << 8
        let step = BrainFloat.value(word & 0x7fff)
        guard step > 0, step.isFinite else { throw .corruptPayload("the step is not a positive number") }
        let isSound = bytes.withUnsafeBufferPointer { all in
            output.withUnsafeMutableBufferPointer { values in
                Self.decode(
                    UnsafeBufferPointer(rebasing: all[(range.lowerBound + 2)..<range.upperBound]), step: step,
                    hasGains: word & 0x8000 != 0, known: known, layout: layout, into: values)
            }
        }
        guard isSound else { throw .corruptPayload("the coded tensors do not end where they should") }
        // Below this step no product of the largest integers and gains can overflow.
        if step >= 0x1p60 { try checkFinite(output) }
    }

    private static func knownActivity(
        _ context: CodecContext, layout: ParameterLayout
    ) throws(CodecError) -> KnownActivity? {
        guard let delta = context.lastGlobalDelta else { return nil }
        guard delta.count == layout.count else { throw .countMismatch(expected: layout.count, actual: delta.count) }
        if let index = delta.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
        return KnownActivity(delta)
    }

    private func checkFinite(_ output: [Float]) throws(CodecError) {
        let worst = output.withUnsafeBufferPointer { values in
            values.reduce(into: UInt32(0)) { $0 = max($0, $1.bitPattern & 0x7fff_ffff) }
        }
        guard worst < 0x7f80_0000 else { throw .corruptPayload("a decoded value is not finite") }
    }

    private static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, step: Float, hasGains: Bool, known: KnownActivity?,
        layout: ParameterLayout,
        into output: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        let geometries = TensorGeometry.all(of: layout)
        var start = 0
        var bulkCount = 0
        if geometries.contains(where: \.allowsBulk) {
            guard let length = try? Varint.read(bytes, at: &start), length <= UInt64(bytes.count - start) else {
                return false
            }
            bulkCount = Int(length)
        }
        var bulk = BulkReader(UnsafeBufferPointer(rebasing: bytes[start..<(start + bulkCount)]))
        var decoder = ArithmeticDecoder(UnsafeBufferPointer(rebasing: bytes[(start + bulkCount)...]))
        let plans = PlanCoder<ArithmeticDecoder, BulkReader>(hasGains: hasGains, known: known)
        for geometry in geometries {
            var plan = TensorPlan(geometry: geometry)
            guard plans.code(&plan, geometry: geometry, with: &decoder, &bulk) else { return false }
            guard let base = output.baseAddress else { return true }
            plan.reconstruct(step: step, geometry: geometry, into: base + geometry.entry.offset)
        }
        return decoder.isAtEnd && bulk.isAtEnd
    }

    /// The payload of a trial: step, then the coded plans.
    ///
    /// - Parameter exponent: power of two by which the trial's values were divided.
    static func payload(
        of trial: TransformTrial, exponent: Int, analyses: [TensorAnalysis], options: TransformOptions,
        known: KnownActivity?
    ) -> [UInt8] {
        let scaled = trial.step * Float(sign: .plus, exponent: exponent, significand: 1)
        let step = UInt16(truncatingIfNeeded: scaled.bitPattern >> 16) | (options.isUnbiased ? 0x8000 : 0)
        var encoder = ArithmeticEncoder()
        var bulk = BulkWriter()
        let plans = PlanCoder<ArithmeticEncoder, BulkWriter>(hasGains: options.isUnbiased, known: known)
        for (index, analysis) in analyses.enumerated() {
            var plan = trial.plans[index]
            plan.chooseBulk(geometry: analysis.geometry, known: known)
            let isWritten = plans.code(&plan, geometry: analysis.geometry, with: &encoder, &bulk)
            precondition(isWritten, "an encoder's plan cannot be invalid")
        }
        var bytes = [UInt8(truncatingIfNeeded: step), UInt8(truncatingIfNeeded: step >> 8)]
        let values = bulk.finish()
        if analyses.contains(where: { $0.geometry.allowsBulk }) { Varint.append(UInt64(values.count), to: &bytes) }
        return bytes + values + encoder.finish()
    }
}
