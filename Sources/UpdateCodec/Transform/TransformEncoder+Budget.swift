import Foundation
import Quantization

extension TransformEncoder {
    /// The plans that lose least within a number of bytes, frame included; nil where nothing fits.
    ///
    /// - Parameters:
    ///   - trial: one that takes more.
    ///   - known: activity that the decoder knows too.
    func search(bytes budget: Int, coarserThan trial: TransformTrial?, known: KnownActivity?) -> TransformTrial? {
        let logRMS = 0.5 * log2(energy / Double(count))
        var low = trial.map { Self.stepCode(log2(Double($0.step))) } ?? Self.stepCode(logRMS - 12)
        var high = max(low + 1, Self.stepCode(logRMS + 12))
        var fitting: SizedTrial?
        var exceeding = trial.map { sized($0, known: known) }
        // The size falls roughly with the power 0.8 of the step; every third guess is the middle, for it need not.
        for attemptIndex in 0..<30 where high - low > 1 {
            var guess = (low + high) / 2
            if let near = fitting ?? exceeding, high - low > 32, attemptIndex % 3 != 2 {
                let octaves = log2(Double(near.byteCount) / Double(budget)) / 0.8
                let moved = Self.stepCode(Self.stepCode(log2(Double(near.trial.step))), movedBy: octaves)
                guess = max(low + 8, min(high - 8, moved))
            }
            let trial = attempt(stepCode: guess, structure: nil, stage: .deciding)
            let sized = sized(trial, known: known)
            if sized.byteCount <= budget {
                high = guess
                fitting = sized
                if Self.isFull(sized, budget) { break }
            } else {
                low = guess
                exceeding = sized
            }
        }
        // Sizes jump where a tensor changes its tools. With the tools of either side kept, the step fills what is left.
        var best = fitting
        for side in [fitting, exceeding] {
            guard let side, let found = fill(budget, from: side, known: known) else { continue }
            if best.map({ found.trial.error < $0.trial.error }) ?? true { best = found }
        }
        return best?.trial
    }

    /// A trial and what it takes in its frame.
    private struct SizedTrial {
        let trial: TransformTrial
        let byteCount: Int
    }

    private static func isFull(_ sized: SizedTrial, _ budget: Int) -> Bool {
        Double(sized.byteCount) > 0.98 * Double(budget)
    }

    /// Moves the step alone until the size lies within 2 % below the budget.
    private func fill(_ budget: Int, from start: SizedTrial, known: KnownActivity?) -> SizedTrial? {
        let origin = Self.stepCode(log2(Double(start.trial.step)))
        let structure = start.trial.structure
        var low = Self.stepCode(origin, movedBy: -2)
        var high = Self.stepCode(origin, movedBy: 2)
        var guess = origin
        var best: SizedTrial?
        for _ in 0..<9 {
            let trial = attempt(stepCode: guess, structure: structure, stage: .refining)
            let sized = sized(trial, known: known)
            if sized.byteCount <= budget {
                high = guess
                best = sized
                if Self.isFull(sized, budget) { break }
            } else {
                low = guess
            }
            if high - low <= 1 { break }
            let octaves = log2(Double(sized.byteCount) / (0.99 * Double(budget))) / 0.8
            guess = max(low + 1, min(high - 1, Self.stepCode(guess, movedBy: octaves)))
        }
        return best
    }

    private func sized(_ trial: TransformTrial, known: KnownActivity?) -> SizedTrial {
        let trial = unbiased(trial)
        return SizedTrial(
            trial: trial, byteCount: UpdateFrame.byteCount(payload: payload(of: trial, known: known).count))
    }
}
