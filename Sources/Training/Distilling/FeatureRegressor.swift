import Tensors

/// A linear map from the student's channels to the teacher's, learned beside the student (FitNets, Romero et al. 2015,
/// section 2.2, arXiv:1412.6550).
final class FeatureRegressor {
    private let teacherChannels: Int
    private let studentChannels: Int
    /// `[teacher channels, student channels]`, and its velocity.
    private let weight: FloatBuffer
    private let weightGradient: FloatBuffer
    private let velocity: FloatBuffer
    private let error: FloatBuffer

    init(teacherChannels: Int, studentChannels: Int, rows: Int, seed: Seed) {
        self.teacherChannels = teacherChannels
        self.studentChannels = studentChannels
        let count = teacherChannels * studentChannels
        weight = FloatBuffer(count: count)
        weightGradient = FloatBuffer(count: count)
        velocity = FloatBuffer(count: count)
        error = FloatBuffer(count: rows * teacherChannels)
        var random = SeededRandom(seed)
        let bound = 1 / Float(studentChannels).squareRoot()
        for index in 0..<count { weight.pointer[index] = (2 * random.unitFloat() - 1) * bound }
    }

    /// Squared distance of the mapped features from the teacher's, relative to the teacher's square; adds `scale` times its
    /// gradient, and takes a step on the map.
    func add(
        teacher: UnsafePointer<Float>, student: UnsafePointer<Float>, rows: Int, scale: Float, plan: LocalTrainingPlan,
        to gradient: UnsafeMutablePointer<Float>
    ) -> Float {
        BLAS.multiply(
            rows: rows, columns: teacherChannels, depth: studentChannels, .init(student, stride: studentChannels),
            .init(weight.pointer, stride: studentChannels, transposed: true), into: error.pointer,
            resultStride: teacherChannels)
        var (distance, square) = (Float.zero, Float.zero)
        for index in 0..<rows * teacherChannels {
            error.pointer[index] -= teacher[index]
            distance += error.pointer[index] * error.pointer[index]
            square += teacher[index] * teacher[index]
        }
        guard square > 0 else { return 0 }
        let factor = 2 * scale / square
        for index in 0..<rows * teacherChannels { error.pointer[index] *= factor }
        BLAS.multiply(
            rows: teacherChannels, columns: studentChannels, depth: rows,
            .init(error.pointer, stride: teacherChannels, transposed: true), .init(student, stride: studentChannels),
            into: weightGradient.pointer, resultStride: studentChannels)
        BLAS.multiply(
            rows: rows, columns: studentChannels, depth: teacherChannels,
            .init(error.pointer, stride: teacherChannels), .init(weight.pointer, stride: studentChannels), keep: 1,
            into: gradient, resultStride: studentChannels)
        for index in 0..<teacherChannels * studentChannels {
            velocity.pointer[index] = plan.momentum * velocity.pointer[index] + weightGradient.pointer[index]
            weight.pointer[index] -= plan.learningRate * velocity.pointer[index]
        }
        return distance / square
    }
}
