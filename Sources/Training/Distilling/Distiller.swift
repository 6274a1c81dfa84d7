import Tensors

/// Trains a student to answer as a teacher does.
///
/// Samples may be a client's own, or synthetic ones of an `InputSynthesizer` where there are no data; labels then matter
/// only if the plan gives them weight. A distiller belongs to one thread at a time.
public final class Distiller {
    /// The model that knows.
    public let teacher: ModelSpec
    /// The model that learns; same input shape and classes.
    public let student: ModelSpec

    private let teacherTrainer: Trainer
    private let studentTrainer: Trainer

    /// Plans all memory for batches of up to `maximumBatchSize` samples.
    ///
    /// - Throws: as `Trainer`; `.invalidCompaction` where teacher and student differ in input or classes.
    public init(teacher: ModelSpec, student: ModelSpec, maximumBatchSize: Int) throws(TrainingError) {
        guard teacher.inputShape == student.inputShape, teacher.classCount == student.classCount else {
            throw .invalidCompaction(
                "teacher and student differ in input (\(teacher.inputShape), \(student.inputShape)) or classes")
        }
        self.teacher = teacher
        self.student = student
        teacherTrainer = try Trainer(spec: teacher, maximumBatchSize: maximumBatchSize)
        studentTrainer = try Trainer(spec: student, maximumBatchSize: maximumBatchSize)
    }

    /// Trains the student on some samples and leaves the result in `studentParameters`.
    ///
    /// - Parameters:
    ///   - teacherParameters: of the teacher; its batch norm uses running statistics.
    ///   - studentParameters: where the student starts, unchanged when an error is thrown.
    ///   - constraint: what the student is held to after every step.
    /// - Throws: as `Trainer.train`; `.invalidCompaction` for a plan whose hint does not fit.
    public func train(
        teacherParameters: [Float], studentParameters: inout [Float], on set: TrainingSet, indices: [Int],
        plan: DistillationPlan, seed: Seed, constraint: ParameterConstraint? = nil
    ) throws(TrainingError) -> TrainingOutcome {
        try plan.validate()
        try teacherTrainer.load(teacherParameters)
        let objective = try DistillationObjective(
            plan: plan, teacher: teacherTrainer, student: studentTrainer, seed: seed)
        return try studentTrainer.train(
            parameters: &studentParameters, on: set, indices: indices, plan: plan.training, seed: seed,
            constraint: constraint, objective: objective)
    }
}
