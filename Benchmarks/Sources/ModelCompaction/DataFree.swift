import Tensors
import Training

/// Post-training quantization with no data at all: synthetic inputs take the place of a calibration set. The range of the
/// inputs is known, because whoever builds the model has scaled them; nothing else is.
func measureDataFree(_ subject: Subject, _ seed: Seed) throws {
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    let inputs = try trainer.calibrate(parameters: subject.parameters, on: subject.train, indices: Array(0..<512))[0]
    let synthesizer = InputSynthesizer(range: inputs.range(.minMax))
    let samples = try synthesizer.samples(
        256, spec: subject.spec, parameters: subject.parameters, seed: seed.derived("synthesis"))
    let histograms = try trainer.calibrate(parameters: subject.parameters, on: samples)
    let searches: [(String, RangeSearch)] = [
        ("min/max", .minMax), ("min/max, widened by 1.5", .widened(1.5)), ("min/max, widened by 2", .widened(2)),
        ("min/max, widened by 3", .widened(3)), ("99.9 %", .percentile(0.999)), ("KL", .divergence),
        ("MMD", .meanDiscrepancy),
    ]
    for (name, search) in searches {
        var ranges = histograms.map { $0.range(search) }
        ranges[0] = inputs.range(.minMax)
        try subject.report(
            "data-free int8, \(name)", subject.spec, subject.parameters, FakeQuantization(ranges: ranges),
            "256 synthetic inputs")
    }
}

/// Activations of 16 bits: everywhere, and in the most sensitive points that a quarter more working memory holds.
func measureWide(_ subject: Subject, _ seed: Seed) throws {
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    let calibration = Array(0..<512)
    let ranges = try trainer.calibrate(parameters: subject.parameters, on: subject.train, indices: calibration)
        .map { $0.range(.minMax) }
    var quantization = FakeQuantization(ranges: ranges)
    let narrow = try arenaByteCount(subject.spec.quantized(subject.parameters, quantization))
    try subject.report(
        "int8, activations of 8 bits", subject.spec, subject.parameters, quantization, "\(narrow) bytes of RAM")
    let choice = try ActivationSearch().choose(
        trainer, parameters: subject.parameters, quantization: quantization, on: subject.train, indices: calibration,
        fits: { ((try? arenaByteCount($0)) ?? .max) <= narrow * 5 / 4 })
    for bits in [choice.pointActivationBits, ranges.map { _ in 16 }] {
        quantization.pointActivationBits = bits
        let arena = try arenaByteCount(subject.spec.quantized(subject.parameters, quantization))
        try subject.report(
            "int8, activations of \(bits) bits", subject.spec, subject.parameters, quantization,
            "\(arena) bytes of RAM")
    }
}

/// Four-bit weights in the layers that bear them, until the weights take at most 0.6 of their int8 size; then the same
/// after one epoch of quantization-aware training.
func measureMixed(_ subject: Subject, _ seed: Seed) throws {
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    let calibration = Array(0..<512)
    let ranges = try trainer.calibrate(parameters: subject.parameters, on: subject.train, indices: calibration)
        .map { $0.range(.leastSquares) }
    let layout = trainer.layout
    let eight = layout.weightByteCount(bits: layout.entries.filter { $0.kind == .weight }.map { _ in 8 })
    let choice = try PrecisionSearch().choose(
        trainer, parameters: subject.parameters, quantization: FakeQuantization(ranges: ranges),
        byteBudget: eight * 6 / 10, on: subject.train, indices: calibration)
    let size = "\(choice.layerWeightBits) bits, \(choice.byteCount) of \(eight) bytes"
    let mixed = FakeQuantization(layerWeightBits: choice.layerWeightBits, ranges: ranges)
    try subject.report("mixed int4/int8", subject.spec, subject.parameters, mixed, size)
    var plan = subject.plan
    plan.epochs = 2
    plan.learningRate /= 10
    plan.quantizationAware = FakeQuantization(layerWeightBits: choice.layerWeightBits, ranges: ranges)
    var parameters = subject.parameters
    let outcome = try trainer.train(
        parameters: &parameters, on: subject.train, indices: subject.everySample, plan: plan,
        seed: seed.derived("mixed"))
    let aware = FakeQuantization(layerWeightBits: choice.layerWeightBits, ranges: outcome.activationRanges)
    try subject.report("mixed int4/int8, quantization-aware", subject.spec, parameters, aware, size)
}
