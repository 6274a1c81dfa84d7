import Foundation

/// Recovers a client's input from its update of a softmax layer: each row of the weights moves by a multiple of the
/// input, and the bias by the same multiple (Geiping et al. 2020, arXiv:2003.14053, Proposition 3.1).
///
/// The strongest case for the attacker: one step on one sample, on a layer that sees the input itself.
public struct SoftmaxInversion: Sendable {
    /// Classes, 2 or more.
    public let classCount: Int
    /// Values of an input, each in 0...1.
    public let inputCount: Int

    /// An attack on a layer of this shape.
    public init(classCount: Int, inputCount: Int) {
        precondition(classCount >= 2 && inputCount >= 1)
        self.classCount = classCount
        self.inputCount = inputCount
    }

    /// The update of one gradient step of rate 1 from zero weights: `classCount` rows of weights, then the biases.
    public func update(input: [Float], label: Int) -> [Float] {
        precondition(input.count == inputCount && (0..<classCount).contains(label))
        var update: [Float] = []
        update.reserveCapacity(classCount * (inputCount + 1))
        let steps = (0..<classCount).map { ($0 == label ? 1 : 0) - 1 / Float(classCount) }
        for step in steps { update += input.map { step * $0 } }
        return update + steps
    }

    /// The input that explains the row whose bias moved most, cut to 0...1.
    public func recover(from update: [Float]) -> [Float] {
        precondition(update.count == classCount * (inputCount + 1))
        let biases = update.suffix(classCount)
        guard let strongest = biases.indices.max(by: { abs(biases[$0]) < abs(biases[$1]) }), biases[strongest] != 0
        else { return [Float](repeating: 0, count: inputCount) }
        let row = (strongest - biases.startIndex) * inputCount
        return update[row..<row + inputCount].map { min(max($0 / biases[strongest], 0), 1) }
    }

    /// Peak signal-to-noise ratio of a guess in dB, of values in 0...1; at most 100.
    public static func peakSignalToNoise(_ guess: [Float], _ truth: [Float]) -> Double {
        precondition(guess.count == truth.count && !truth.isEmpty)
        let squares = zip(guess, truth).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
        let mean = squares / Double(truth.count)
        return mean > 1e-10 ? -10 * log10(mean) : 100
    }
}
