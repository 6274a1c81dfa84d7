import Foundation

/// Cross-entropy between softened distributions (Hinton, Vinyals, Dean 2015, section 2, arXiv:1503.02531).
enum SoftenedLoss {
    /// Kullback–Leibler divergence of the student's from the teacher's softened distribution, times the square of the
    /// temperature; adds `scale` times its gradient by the student's logits.
    static func add(
        teacher: UnsafePointer<Float>, student: UnsafePointer<Float>, count: Int, temperature: Float, scale: Float,
        to gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        let (p, q) = (logShares(teacher, count, temperature), logShares(student, count, temperature))
        var sum: Float = 0
        for index in 0..<count {
            let share = exp(p[index])
            sum += share * (p[index] - q[index])
            gradient[index] += scale * temperature * (exp(q[index]) - share)
        }
        return Double(sum * temperature * temperature)
    }

    private static func logShares(_ logits: UnsafePointer<Float>, _ count: Int, _ temperature: Float) -> [Float] {
        var largest = logits[0]
        for index in 1..<count { largest = max(largest, logits[index]) }
        let scaled = (0..<count).map { (logits[$0] - largest) / temperature }
        let logSum = log(scaled.reduce(0) { $0 + exp($1) })
        return scaled.map { $0 - logSum }
    }
}
