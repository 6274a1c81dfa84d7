/// How a student learns from a teacher. The loss is the weighted sum of its parts; a part of weight 0 costs nothing.
public struct DistillationPlan: Hashable, Sendable {
    /// Two layers whose outputs are compared, by path (`ResolvedLayer.path`) of a layer with weights or of a residual;
    /// each output includes the batch norm and clamp behind it.
    public struct Hint: Hashable, Sendable {
        /// Path in the teacher.
        public var teacher: String
        /// Path in the student.
        public var student: String

        /// Names the layers.
        public init(teacher: String, student: String) {
            self.teacher = teacher
            self.student = student
        }
    }

    /// Epochs, batches and steps. With `quantizationAware` the student learns to be an integer copy; hints are refused then.
    public var training: LocalTrainingPlan
    /// Weight of the cross-entropy with the labels of the set, 0 or more.
    public var labelWeight: Float
    /// Weight of the cross-entropy with the teacher's softened answers (Hinton, Vinyals, Dean 2015, arXiv:1503.02531),
    /// scaled by the square of the temperature, 0 or more.
    public var logitWeight: Float
    /// What logits are divided by before they are compared, above 0.
    public var temperature: Float
    /// The layers that feature and relation losses look at.
    public var hint: Hint?
    /// Weight of the squared distance between the teacher's features and a learned linear map of the student's (FitNets,
    /// Romero et al. 2015, arXiv:1412.6550), relative to the square of the teacher's; 0 or more.
    public var featureWeight: Float
    /// Weight of the difference in distances between samples (RKD, Park et al. 2019, §3.2, arXiv:1904.05068); 0 or more.
    /// Embeddings are the means over positions of the hinted outputs.
    public var distanceWeight: Float
    /// Weight of the difference in angles between samples (as above), 0 or more. Cost grows with the cube of the batch.
    public var angleWeight: Float

    /// Makes a plan; checked by every distillation that uses it.
    public init(
        training: LocalTrainingPlan, labelWeight: Float = 0.3, logitWeight: Float = 0.7, temperature: Float = 4,
        hint: Hint? = nil, featureWeight: Float = 0, distanceWeight: Float = 0, angleWeight: Float = 0
    ) {
        self.training = training
        self.labelWeight = labelWeight
        self.logitWeight = logitWeight
        self.temperature = temperature
        self.hint = hint
        self.featureWeight = featureWeight
        self.distanceWeight = distanceWeight
        self.angleWeight = angleWeight
    }

    /// Checks every range.
    ///
    /// - Throws: `.invalidCompaction`; `.invalidPlan` and `.invalidQuantization` as `LocalTrainingPlan.validate()`.
    public func validate() throws(TrainingError) {
        try training.validate()
        let weights = [labelWeight, logitWeight, featureWeight, distanceWeight, angleWeight]
        guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.contains(where: { $0 > 0 }) else {
            throw .invalidCompaction("weights of a distillation are 0 or more, and one is above 0")
        }
        guard temperature > 0, temperature.isFinite else {
            throw .invalidCompaction("temperature \(temperature) is not above 0")
        }
        guard usesHint else { return }
        guard hint != nil else { throw .invalidCompaction("feature and relation losses need a hint") }
        guard training.quantizationAware == nil else {
            throw .invalidCompaction("feature and relation losses do not work with quantization-aware training")
        }
    }

    var usesHint: Bool { featureWeight > 0 || distanceWeight > 0 || angleWeight > 0 }
}
