/// Relational knowledge distillation (Park et al. 2019, arXiv:1904.05068): students learn how samples lie to each other,
/// whatever the size of their embeddings. Embeddings are row-major `[samples, width]`.
package enum RelationLoss {
    /// Mean Huber loss of the differences in pairwise distance, each side's in units of its mean (eq. 4–6), and its gradient
    /// by the student's embeddings. 0 where there are fewer than two distinct samples.
    package static func distance(
        teacher: [Float], student: [Float], samples: Int
    ) -> (loss: Float, gradient: [Float]) {
        let width = student.count / samples
        let (expected, actual) = (distances(teacher, samples), distances(student, samples))
        var gradient = [Float](repeating: 0, count: student.count)
        let pairs = Float(samples * (samples - 1))
        let (expectedMean, mean) = (expected.reduce(0, +) / max(pairs, 1), actual.reduce(0, +) / max(pairs, 1))
        guard expectedMean > 0, mean > 0 else { return (0, gradient) }
        var loss: Float = 0
        var slopes = [Float](repeating: 0, count: actual.count)
        var slopeSum: Float = 0
        for index in actual.indices {
            let (value, slope) = huber(actual[index] / mean - expected[index] / expectedMean)
            loss += value
            slopes[index] = slope
            slopeSum += slope * actual[index]
        }
        // The mean moves with every distance.
        let shift = slopeSum / (pairs * mean * mean)
        for i in 0..<samples {
            for j in 0..<samples where i != j && actual[i * samples + j] > 0 {
                let pull = (slopes[i * samples + j] / mean - shift) / (pairs * actual[i * samples + j])
                for column in 0..<width {
                    let part = pull * (student[i * width + column] - student[j * width + column])
                    gradient[i * width + column] += part
                    gradient[j * width + column] -= part
                }
            }
        }
        return (loss / pairs, gradient)
    }

    /// Mean Huber loss of the differences in the cosine of the angle at each sample between each two others (eq. 7, 8), and
    /// its gradient by the student's embeddings.
    package static func angle(
        teacher: [Float], student: [Float], samples: Int
    ) -> (loss: Float, gradient: [Float]) {
        let width = student.count / samples
        var gradient = [Float](repeating: 0, count: student.count)
        var loss: Float = 0
        let share = 1 / Float(samples * samples * samples)
        for apex in 0..<samples {
            let expected = directions(teacher, samples, from: apex)
            let actual = directions(student, samples, from: apex)
            for i in 0..<samples where actual.lengths[i] > 0 {
                var slope = [Float](repeating: 0, count: width)
                for k in 0..<samples {
                    let difference =
                        dot(actual.units, i, k, samples) - dot(expected.units, i, k, samples)
                    let (value, pull) = huber(difference)
                    loss += value
                    // Each angle is met from both of its sides.
                    for column in 0..<width { slope[column] += 2 * pull * actual.units[k * width + column] }
                }
                var along: Float = 0
                for column in 0..<width { along += slope[column] * actual.units[i * width + column] }
                for column in 0..<width {
                    let part =
                        share * (slope[column] - along * actual.units[i * width + column]) / actual.lengths[i]
                    gradient[i * width + column] += part
                    gradient[apex * width + column] -= part
                }
            }
        }
        return (loss * share, gradient)
    }

    /// Quadratic up to 1, then linear.
    private static func huber(_ difference: Float) -> (value: Float, slope: Float) {
        abs(difference) <= 1
            ? (difference * difference / 2, difference) : (abs(difference) - 0.5, difference > 0 ? 1 : -1)
    }

    private static func distances(_ rows: [Float], _ samples: Int) -> [Float] {
        let width = rows.count / samples
        var result = [Float](repeating: 0, count: samples * samples)
        for i in 0..<samples {
            for j in 0..<i {
                var sum: Float = 0
                for column in 0..<width {
                    let difference = rows[i * width + column] - rows[j * width + column]
                    sum += difference * difference
                }
                result[i * samples + j] = sum.squareRoot()
                result[j * samples + i] = sum.squareRoot()
            }
        }
        return result
    }

    /// Unit vectors from one sample to every other, 0 to itself and to its equals.
    private static func directions(
        _ rows: [Float], _ samples: Int, from apex: Int
    ) -> (units: [Float], lengths: [Float]) {
        let width = rows.count / samples
        var units = [Float](repeating: 0, count: rows.count)
        var lengths = [Float](repeating: 0, count: samples)
        for i in 0..<samples {
            var sum: Float = 0
            for column in 0..<width {
                let difference = rows[i * width + column] - rows[apex * width + column]
                units[i * width + column] = difference
                sum += difference * difference
            }
            lengths[i] = sum.squareRoot()
            let inverse = lengths[i] > 0 ? 1 / lengths[i] : 0
            for column in 0..<width { units[i * width + column] *= inverse }
        }
        return (units, lengths)
    }

    private static func dot(_ rows: [Float], _ i: Int, _ k: Int, _ samples: Int) -> Float {
        let width = rows.count / samples
        var sum: Float = 0
        for column in 0..<width { sum += rows[i * width + column] * rows[k * width + column] }
        return sum
    }
}
