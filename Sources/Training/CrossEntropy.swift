import Foundation

/// Softmax and cross-entropy in one, which keeps both exact for large logits.
enum CrossEntropy {
    /// Loss of one sample, `log Σ exp(z) − z[label]`, and the place of the largest logit.
    static func loss(_ logits: UnsafePointer<Float>, count: Int, label: Int) -> (loss: Double, winner: Int) {
        var winner = 0
        for i in 1..<count where logits[i] > logits[winner] { winner = i }
        let largest = logits[winner]
        var sum: Float = 0
        for i in 0..<count { sum += exp(logits[i] - largest) }
        return (Double(log(sum)) + Double(largest) - Double(logits[label]), winner)
    }

    /// Loss as above, and its gradient `(softmax(z) − onehot(label)) · scale`.
    static func lossAndGradient(
        _ logits: UnsafePointer<Float>, count: Int, label: Int, scale: Float,
        into gradient: UnsafeMutablePointer<Float>
    ) -> (loss: Double, winner: Int) {
        var winner = 0
        for i in 1..<count where logits[i] > logits[winner] { winner = i }
        let largest = logits[winner]
        var sum: Float = 0
        for i in 0..<count {
            let value = exp(logits[i] - largest)
            gradient[i] = value
            sum += value
        }
        let factor = scale / sum
        for i in 0..<count { gradient[i] *= factor }
        gradient[label] -= scale
        return (Double(log(sum)) + Double(largest) - Double(logits[label]), winner)
    }
}
