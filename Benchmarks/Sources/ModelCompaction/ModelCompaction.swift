import Foundation
import Quantization
import Tensors
import Training

/// Measures what quantizing and compacting cost in accuracy, on models trained centrally on public data.
///
/// Usage: `SWIFTLET_DATA=… ModelCompaction [mnist|fashion|har|all] [SEED] [PART…]`; prints one table row per measurement.
@main
enum ModelCompaction {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let chosen = arguments.first ?? "all"
        let seed = Seed(arguments.dropFirst().first.flatMap(UInt64.init) ?? 1)
        let parts = Set(arguments.dropFirst(2))
        print("| data | model | test accuracy, % | points to float | note |\n| --- | --- | --- | --- | --- |")
        for name in chosen == "all" ? Subject.names : [chosen] {
            let subject = try Subject(name: name, seed: seed)
            subject.report("float", subject.accuracy, "\(subject.parameters.count) parameters")
            for (part, measure) in measurements where parts.isEmpty || parts.contains(part) {
                try measure(subject, seed)
            }
        }
    }

    static let measurements: [(String, @Sendable (Subject, Seed) throws -> Void)] = [
        ("static", measureStatic), ("free", measureDataFree), ("aware", measureAware), ("mixed", measureMixed),
        ("wide", measureWide), ("student", measureStudent), ("sparse", measureSparse),
    ]
}

/// Post-training quantization with ranges from the histograms of 512 training samples.
func measureStatic(_ subject: Subject, _ seed: Seed) throws {
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    var histograms = try trainer.calibrate(
        parameters: subject.parameters, on: subject.train, indices: Array(0..<512))
    let bytes = histograms.map { $0.encoded() }
    histograms = try bytes.map { bytes throws(QuantizationError) in try ActivationHistogram(decoding: bytes) }
    let byteCount = bytes.reduce(0) { $0 + $1.count }
    let searches: [(String, RangeSearch)] = [
        ("min/max", .minMax), ("99.99 %", .percentile(0.9999)), ("least squares", .leastSquares),
        ("KL", .divergence), ("MMD", .meanDiscrepancy),
    ]
    for (name, search) in searches {
        let ranges = histograms.map { $0.range(search) }
        for bits in [8, 4] {
            try subject.report(
                "static int\(bits), \(name)", subject.spec, subject.parameters,
                FakeQuantization(weightBits: bits, ranges: ranges), "histograms of \(byteCount) bytes")
        }
    }
}

/// Three epochs with fake quantization at a tenth of the learning rate.
func measureAware(_ subject: Subject, _ seed: Seed) throws {
    let trainer = try Trainer(spec: subject.spec, maximumBatchSize: 256)
    for bits in [8, 4] {
        for rule in [FakeQuantization.RangeRule.movingAverage, .learned] {
            var plan = subject.plan
            plan.epochs = 3
            plan.learningRate /= 10
            plan.quantizationAware = FakeQuantization(weightBits: bits, rangeRule: rule)
            var parameters = subject.parameters
            let outcome = try trainer.train(
                parameters: &parameters, on: subject.train, indices: subject.everySample, plan: plan,
                seed: seed.derived("aware"))
            let quantization = FakeQuantization(weightBits: bits, ranges: outcome.activationRanges)
            try subject.report(
                "quantization-aware int\(bits), \(rule.rawValue)", subject.spec, parameters, quantization)
        }
    }
}
