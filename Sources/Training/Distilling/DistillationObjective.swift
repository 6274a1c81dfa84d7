import Tensors

/// What takes the place of plain cross-entropy in a training.
protocol TrainingObjective: AnyObject {
    /// The student's network, where it is not the trainer's own.
    var network: SequentialOperation? { get }
    /// Looks at the batch before the student does.
    func prepare(_ set: TrainingSet, _ indices: ArraySlice<Int>) throws(TrainingError)
    /// Sum of the losses of the batch after the forward pass; overwrites the gradient of their mean by the logits.
    func lossAndGradient(
        _ set: TrainingSet, _ indices: ArraySlice<Int>, logits: UnsafePointer<Float>,
        into gradient: UnsafeMutablePointer<Float>
    ) -> Double
}

/// The loss of a `DistillationPlan`.
final class DistillationObjective: TrainingObjective {
    let network: SequentialOperation?
    private let plan: DistillationPlan
    private let teacher: Trainer
    private let teacherNetwork: SequentialOperation
    private let taps: (teacher: TapOperation, student: TapOperation)?
    private let regressor: FeatureRegressor?

    /// - Parameter teacher: its parameters are loaded.
    init(plan: DistillationPlan, teacher: Trainer, student: Trainer, seed: Seed) throws(TrainingError) {
        self.plan = plan
        self.teacher = teacher
        guard plan.usesHint, let hint = plan.hint else {
            network = nil
            teacherNetwork = teacher.network
            taps = nil
            regressor = nil
            return
        }
        let (teacherNetwork, teacherTap) = try Self.tapped(teacher, hint.teacher)
        let (studentNetwork, studentTap) = try Self.tapped(student, hint.student)
        self.teacherNetwork = teacherNetwork
        network = studentNetwork
        taps = (teacherTap, studentTap)
        guard plan.featureWeight > 0 else {
            regressor = nil
            return
        }
        guard teacherTap.positions == studentTap.positions else {
            throw .invalidCompaction(
                "features at '\(hint.teacher)' have \(teacherTap.positions) positions, those at '\(hint.student)' "
                    + "\(studentTap.positions); only channels may differ")
        }
        regressor = FeatureRegressor(
            teacherChannels: teacherTap.channels, studentChannels: studentTap.channels,
            rows: student.maximumBatchSize * studentTap.positions, seed: seed.derived("regressor"))
    }

    private static func tapped(
        _ trainer: Trainer, _ path: String
    ) throws(TrainingError) -> (SequentialOperation, TapOperation) {
        let probe = TapProbe(path: path, capacity: trainer.maximumBatchSize)
        let network = NetworkCompiler(layout: trainer.layout, capacity: trainer.maximumBatchSize, probe: probe)
            .compile(try trainer.spec.resolved(), inputShape: trainer.spec.inputShape, isWhole: true)
        guard let tap = probe.tap else {
            throw .invalidCompaction("'\(trainer.spec.name)' has no layer with weights or residual at '\(path)'")
        }
        return (network, tap)
    }

    func prepare(_ set: TrainingSet, _ indices: ArraySlice<Int>) throws(TrainingError) {
        guard plan.logitWeight > 0 || plan.usesHint else { return }
        try teacher.batch.gather(set, indices)
        let pass = Pass(
            parameters: teacher.parameters.pointer, gradients: teacher.gradients.pointer, batch: indices.count,
            isTraining: false)
        teacherNetwork.forward(pass, teacher.batch.inputs, teacher.logits.pointer)
    }

    func lossAndGradient(
        _ set: TrainingSet, _ indices: ArraySlice<Int>, logits: UnsafePointer<Float>,
        into gradient: UnsafeMutablePointer<Float>
    ) -> Double {
        let classes = teacher.spec.classCount
        let scale = 1 / Float(indices.count)
        var sum = 0.0
        for (row, index) in indices.enumerated() {
            let (own, target) = (logits + row * classes, gradient + row * classes)
            let hard = CrossEntropy.lossAndGradient(
                own, count: classes, label: Int(set.labels[index]), scale: plan.labelWeight * scale, into: target)
            sum += Double(plan.labelWeight) * hard.loss
            guard plan.logitWeight > 0 else { continue }
            let soft = SoftenedLoss.add(
                teacher: teacher.logits.pointer + row * classes, student: own, count: classes,
                temperature: plan.temperature, scale: plan.logitWeight * scale, to: target)
            sum += Double(plan.logitWeight) * soft
        }
        return sum + Double(hintLoss(batch: indices.count)) * Double(indices.count)
    }

    /// Mean loss of features and relations; their gradient goes to the student's tap.
    private func hintLoss(batch: Int) -> Float {
        guard let taps else { return 0 }
        var loss: Float = 0
        if let regressor {
            loss +=
                plan.featureWeight
                * regressor.add(
                    teacher: taps.teacher.values.pointer, student: taps.student.values.pointer,
                    rows: batch * taps.student.positions, scale: plan.featureWeight, plan: plan.training,
                    to: taps.student.extraGradient.pointer)
        }
        guard batch > 1, plan.distanceWeight > 0 || plan.angleWeight > 0 else { return loss }
        let (expected, actual) = (taps.teacher.embeddings(batch: batch), taps.student.embeddings(batch: batch))
        if plan.distanceWeight > 0 {
            let part = RelationLoss.distance(teacher: expected, student: actual, samples: batch)
            loss += plan.distanceWeight * part.loss
            taps.student.add(embeddingGradient: part.gradient.map { $0 * plan.distanceWeight })
        }
        if plan.angleWeight > 0 {
            let part = RelationLoss.angle(teacher: expected, student: actual, samples: batch)
            loss += plan.angleWeight * part.loss
            taps.student.add(embeddingGradient: part.gradient.map { $0 * plan.angleWeight })
        }
        return loss
    }
}
