import Foundation

/// How far two sets of logits lie apart.
enum LogitDivergence {
    /// Mean Kullback–Leibler divergence, in nats, of the distributions that they stand for; 0 without rows.
    static func mean(_ expected: [Float], _ actual: [Float], classes: Int) -> Double {
        let rows = expected.count / classes
        guard rows > 0 else { return 0 }
        var sum = 0.0
        for row in 0..<rows {
            let range = (row * classes)..<((row + 1) * classes)
            let (p, q) = (logShares(expected[range]), logShares(actual[range]))
            for (left, right) in zip(p, q) { sum += exp(left) * (left - right) }
        }
        return sum / Double(rows)
    }

    private static func logShares(_ logits: ArraySlice<Float>) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
        return logits.map { Double($0) - largest - log(sum) }
    }
}
