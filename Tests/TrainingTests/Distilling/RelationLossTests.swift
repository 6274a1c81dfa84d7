import Tensors
import Testing
import Training

struct RelationLossTests {
    static func rows(_ samples: Int, _ width: Int, seed: UInt64) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<samples * width).map { _ in Float(random.normal()) }
    }

    static func loss(_ isAngle: Bool, _ teacher: [Float], _ student: [Float], _ samples: Int) -> (Float, [Float]) {
        isAngle
            ? RelationLoss.angle(teacher: teacher, student: student, samples: samples)
            : RelationLoss.distance(teacher: teacher, student: student, samples: samples)
    }

    @Test(arguments: [false, true], [2, 3, 6])
    func gradientsMatchFiniteDifferences(isAngle: Bool, samples: Int) {
        let teacher = Self.rows(samples, 5, seed: 1)
        let student = Self.rows(samples, 4, seed: 2)
        let gradient = Self.loss(isAngle, teacher, student, samples).1
        for index in student.indices {
            var (up, down) = (student, student)
            up[index] += 1e-2
            down[index] -= 1e-2
            let slope =
                (Self.loss(isAngle, teacher, up, samples).0 - Self.loss(isAngle, teacher, down, samples).0) / 2e-2
            #expect(abs(slope - gradient[index]) < 2e-3 + 0.03 * abs(slope), "\(index)")
        }
    }

    @Test(arguments: [false, true])
    func sizeAndPlaceDoNotMatter(isAngle: Bool) {
        let student = Self.rows(5, 4, seed: 3)
        let moved = student.map { 7 * $0 + 3 }
        let (loss, gradient) = Self.loss(isAngle, moved, student, 5)
        #expect(loss < 1e-6)
        #expect(gradient.allSatisfy { abs($0) < 1e-4 })
    }

    @Test(arguments: [false, true])
    func equalSamplesGiveNoNaN(isAngle: Bool) {
        let (loss, gradient) = Self.loss(isAngle, Self.rows(3, 4, seed: 1), [Float](repeating: 2, count: 6), 3)
        #expect(loss.isFinite)
        #expect(gradient.allSatisfy { $0 == 0 })
    }
}
