import Foundation
import Quantization
import Tensors

/// Looks for the step and the plans that meet a target.
struct TransformEncoder {
    private let analyses: [TensorAnalysis]
    private let options: TransformOptions
    let energy: Double
    let count: Int
    /// The update is halved or doubled this often, so that sums of squares neither overflow nor vanish.
    private let exponent: Int
    private let isNegligible: Bool

    /// Updates that reach beyond 2^±100 cannot be transformed.
    static let exponents = -100...100

    /// Updates whose largest magnitude lies between these powers of two are transformed as they are.
    private static let plainExponents = -30...30

    /// - Parameters:
    ///   - update: `layout.count` elements, which outlive the encoder.
    ///   - largest: the largest magnitude of them.
    /// - Throws: `CodecError.magnitudeOutOfRange`.
    init(
        _ update: UnsafeBufferPointer<Float>, largest: Float, layout: ParameterLayout, options: TransformOptions
    ) throws(CodecError) {
        self.options = options
        count = layout.count
        let exponent = largest > 0 ? Int(largest.exponent) : 0
        guard Self.exponents.contains(exponent) || largest < 1 else { throw .magnitudeOutOfRange }
        // What is too small is sent as nothing at all.
        isNegligible = exponent < Self.exponents.lowerBound
        self.exponent = Self.plainExponents.contains(exponent) ? 0 : exponent
        let factor = isNegligible ? 0 : Float(sign: .plus, exponent: -self.exponent, significand: 1)
        analyses = TensorGeometry.all(of: layout).compactMap { geometry in
            update.baseAddress.map {
                TensorAnalysis(geometry: geometry, values: $0 + geometry.entry.offset, factor: factor)
            }
        }
        energy = analyses.reduce(0) { $0 + $1.energy }
        if options.allowsFactors {
            for analysis in analyses { analysis.findSubspaces(for: options.target, of: energy) }
        }
    }

    /// The plans for the target; nil for an update that is all zeros, or so small that nothing is worth sending.
    ///
    /// - Parameter known: activity that the decoder knows too, where a size is the target.
    func search(known: KnownActivity?) -> TransformTrial? {
        guard energy > 0 else { return nil }
        switch options.target {
        case .nmse(let target): return search(nmse: target)
        case .bytes(let budget): return search(bytes: budget, coarserThan: nil, known: known)
        }
    }

    /// The plans that take least for an error, NMSE; nil where nothing is worth sending.
    func search(nmse target: Double) -> TransformTrial? { meet(nmse: target).map(unbiased) }

    /// What a trial loses, NMSE.
    func nmse(of trial: TransformTrial) -> Double { trial.error / energy }

    private func meet(nmse target: Double) -> TransformTrial? {
        if target >= 1 { return nil }
        // A finer step than this gains nothing: what is still missing then lies beyond the tools that are allowed.
        let finest = Self.stepCode(0.5 * log2(energy / Double(count)) - (options.gridUse == .everywhere ? 12 : 5))
        var low = finest
        var high = Self.largestStepCode
        var guess = max(finest, Self.stepCode(expectedLogStep(for: target)))
        for attemptIndex in 0..<14 {
            let trial = attempt(stepCode: guess, structure: nil, stage: .searching)
            let ratio = trial.error / energy / target
            if attemptIndex == 0 {
                for (index, analysis) in analyses.enumerated() { analysis.settle(trial.plans[index]) }
            }
            if ratio <= 1 { low = guess } else { high = guess }
            // The error falls roughly with the power 1.4 of the step.
            let next = Self.stepCode(guess, movedBy: -log2(max(1e-6, ratio)) / 1.4)
            if high - low <= 1 {
                guess = low
                break
            }
            guess = max(low + 1, min(high - 1, next))
            if ratio <= 1.1, ratio > 0.85 { break }
        }
        for _ in 0..<40 {
            let settled = attempt(stepCode: guess, structure: nil, stage: .deciding)
            // The last stage loses a little less, and can lose a little more where the target allows.
            let ratio = 0.985 * settled.error / energy / target
            let start = Self.stepCode(guess, movedBy: -log2(max(0.25, ratio) / 0.995) / 1.2)
            if guess <= finest { return attempt(stepCode: finest, structure: settled.structure, stage: .refining) }
            if ratio <= 1.03, let found = refine(target: target, around: start, structure: settled.structure) {
                return found
            }
            guess = max(finest, min(guess - 1, Self.stepCode(guess, movedBy: -0.02 - log2(max(1, ratio)) / 1.2)))
        }
        return nil
    }

    /// Moves the step alone until the error lies within 2 % below the target.
    private func refine(target: Double, around start: Int, structure: [TransformTrial.Structure]) -> TransformTrial? {
        var low = Self.stepCode(start, movedBy: -1)
        var high = Self.stepCode(start, movedBy: 1)
        var guess = start
        var best: TransformTrial?
        // log2 of error over target at both ends, once known.
        var below: Double?
        var above: Double?
        for _ in 0..<10 {
            let trial = attempt(stepCode: guess, structure: structure, stage: .refining)
            let ratio = trial.error / energy / target
            if ratio <= 1 {
                low = guess
                below = log2(max(1e-6, ratio))
                best = trial
                if ratio > 0.99 { break }
            } else {
                high = guess
                above = log2(ratio)
            }
            if high - low <= 1 { break }
            var next = Self.stepCode(guess, movedBy: -log2(max(1e-6, ratio / 0.996)) / 1.2)
            if let below, let above { next = low + Int(Double(high - low) * (-0.006 - below) / (above - below)) }
            guess = max(low + 1, min(high - 1, next))
        }
        return best
    }

    /// log2 of the step at which reverse water-filling over all directions would leave the target.
    private func expectedLogStep(for target: Double) -> Double {
        var low = -30.0
        var high = 30.0
        while high - low > 0.01 {
            let middle = (low + high) / 2
            let expected = analyses.reduce(0) { $0 + $1.expectedError(step: exp2(middle)) }
            if expected < target * energy { low = middle } else { high = middle }
        }
        return low
    }

    /// Steps are codes of 16 bits, 128 to an octave.
    private static let largestStepCode = 0x7f00

    static func stepCode(_ logStep: Double) -> Int {
        Int(BrainFloat.roundedUp(Float(exp2(max(-120, min(120, logStep)))), levels: 1))
    }

    static func stepCode(_ code: Int, movedBy octaves: Double) -> Int {
        max(1, min(largestStepCode, code + Int((128 * max(-8, min(8, octaves))).rounded())))
    }

    /// All tensors at one step.
    ///
    /// - Parameter structure: the tools of each tensor; nil: the cheapest are chosen.
    func attempt(
        stepCode: Int, structure: [TransformTrial.Structure]?, stage: TensorTrial.Stage
    ) -> TransformTrial {
        let step = BrainFloat.value(UInt16(stepCode))
        var trial = TransformTrial(step: step, plans: [], bits: 0, error: 0)
        for (index, analysis) in analyses.enumerated() {
            let found = TensorTrial(analysis: analysis, options: options, step: step)
                .best(structure: structure?[index], stage: stage)
            trial.plans.append(found.plan)
            trial.bits += found.bits
            trial.error += found.error
        }
        return trial
    }

    /// The trial, with the stretch for each tensor that makes ⟨x, x̂⟩ equal to ⟨x, x⟩ where it shall be unbiased.
    func unbiased(_ trial: TransformTrial) -> TransformTrial {
        guard options.isUnbiased else { return trial }
        var trial = trial
        for (index, analysis) in analyses.enumerated() {
            let decoded = DenseMatrix(rows: analysis.geometry.rows, columns: analysis.geometry.columns)
            trial.plans[index].reconstruct(step: trial.step, geometry: analysis.geometry, into: decoded.elements)
            var cross = 0.0
            for position in 0..<decoded.count {
                cross += Double(decoded.elements[position]) * Double(analysis.plain.elements[position])
            }
            guard cross > 0 else { continue }
            let gain = 32 * (analysis.energy / cross - 1)
            trial.plans[index].gain = Int(max(0, min(Double(TensorPlan.largestGain), gain.rounded())))
        }
        return trial
    }

    /// Whether the values one by one might take fewer bytes than a trial, by an estimate at its step.
    func mayBeFewer(than byteCount: Int, withoutFactorsOf trial: TransformTrial) -> Bool {
        if byteCount < Self.fewBytes { return true }
        guard trial.plans.contains(where: { $0.factors.rank > 0 }) else { return false }
        var bits = 0.0
        var error = 0.0
        for analysis in analyses {
            let scalars = TensorTrial(analysis: analysis, options: options, step: trial.step).scalars
            bits += scalars.bits
            error += scalars.error
        }
        return bits < Self.closeCall * 8 * Double(byteCount) && error < Self.closeCall * trial.error
    }

    private static let closeCall = 1.15
    /// Searches that end with so few bytes can end in different places.
    private static let fewBytes = 512

    /// Encodes a trial.
    ///
    /// - Parameter known: activity that the decoder knows too.
    func payload(of trial: TransformTrial, known: KnownActivity?) -> [UInt8] {
        TransformCodec.payload(of: trial, exponent: exponent, analyses: analyses, options: options, known: known)
    }
}
