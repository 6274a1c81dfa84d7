import Foundation
import Tensors
import Training

/// A student of half the multiplications, cut out of the float model and distilled from it.
func measureStudent(_ subject: Subject, _ seed: Seed) throws {
    let full = try subject.spec.multiplyAccumulateCount()
    for share in [0.5, 0.25] {
        let small = try subject.spec.pruningChannels(
            subject.parameters, ChannelPruning(target: .multiplyAccumulates(share), multiple: 4))
        let count = try small.spec.multiplyAccumulateCount()
        let note = "\(count) of \(full) multiplications, \(small.parameters.count) parameters"
        let trainer = try Trainer(spec: small.spec, maximumBatchSize: 256)
        subject.report(
            "pruned", try trainer.evaluate(parameters: small.parameters, on: subject.test).accuracy, note)
        var plan = subject.plan
        plan.epochs = max(4, plan.epochs / 2)
        plan.learningRate /= 2
        var tuned = small.parameters
        _ = try trainer.train(
            parameters: &tuned, on: subject.train, indices: subject.everySample, plan: plan, seed: seed.derived("tune"))
        subject.report(
            "pruned, fine-tuned", try trainer.evaluate(parameters: tuned, on: subject.test).accuracy, note)
        try distil(subject, small, plan, note, seed)
    }
}

private func distil(
    _ subject: Subject, _ small: CompactModel, _ training: LocalTrainingPlan, _ note: String, _ seed: Seed
) throws {
    let distiller = try Distiller(teacher: subject.spec, student: small.spec, maximumBatchSize: 256)
    let convolutions = try subject.spec.resolved().filter { $0.spec.name.hasPrefix("conv") }.map(\.path)
    let hint = convolutions.last.map { DistillationPlan.Hint(teacher: $0, student: $0) }
    let plans = [
        ("logits", DistillationPlan(training: training)),
        ("logits, features", DistillationPlan(training: training, hint: hint, featureWeight: 0.5)),
        (
            "logits, relations",
            DistillationPlan(training: training, hint: hint, distanceWeight: 5, angleWeight: 10)
        ),
    ]
    for (name, plan) in plans {
        var parameters = small.parameters
        _ = try distiller.train(
            teacherParameters: subject.parameters, studentParameters: &parameters, on: subject.train,
            indices: subject.everySample, plan: plan, seed: seed.derived("distil"))
        let trainer = try Trainer(spec: small.spec, maximumBatchSize: 256)
        subject.report(
            "pruned, distilled: \(name)", try trainer.evaluate(parameters: parameters, on: subject.test).accuracy, note)
        guard name == "logits" else { continue }
        let ranges = try trainer.calibrate(parameters: parameters, on: subject.train, indices: Array(0..<512))
            .map { $0.range(.leastSquares) }
        try subject.report(
            "pruned, distilled: \(name), static int8", small.spec, parameters, FakeQuantization(ranges: ranges), note)
    }
}

/// Masks and codebooks, each before and after two epochs of fine-tuning that keep to them.
func measureSparse(_ subject: Subject, _ seed: Seed) throws {
    let layout = try subject.spec.layout()
    let half = try PruningMask.twoOfFour(subject.parameters, layout: layout)
    let most = try PruningMask.magnitude(subject.parameters, layout: layout, sparsity: 0.8, scope: .model)
    let shared = try SharedWeights(subject.parameters, layout: layout, centroidCount: 16)
    let cases: [(String, ParameterConstraint, String)] = [
        ("2:4", .pruned(half), "\(half.keptCount) parameters stay"),
        ("80 % smallest dropped", .pruned(most), "\(most.keptCount) parameters stay"),
        ("16 shared weights a layer", .shared(shared), "\(shared.byteCount) bytes of weights"),
    ]
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    for (name, constraint, note) in cases {
        var parameters = subject.parameters
        switch constraint {
        case .pruned(let mask): mask.apply(to: &parameters)
        case .shared(let shared): try shared.apply(to: &parameters, layout: layout)
        case .onlyTraining: break
        }
        subject.report(name, try trainer.evaluate(parameters: parameters, on: subject.test).accuracy, note)
        var plan = subject.plan
        plan.epochs = 2
        plan.learningRate /= 5
        _ = try trainer.train(
            parameters: &parameters, on: subject.train, indices: subject.everySample, plan: plan,
            seed: seed.derived("sparse"), constraint: constraint)
        subject.report(
            "\(name), fine-tuned", try trainer.evaluate(parameters: parameters, on: subject.test).accuracy, note)
    }
}
