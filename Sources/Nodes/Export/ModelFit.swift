import Federation
import Foundation
import Reporting
import Tensors
import Training

/// A model that is asked about before there are data: its shape alone decides what it costs.
public struct ModelFit: Sendable {
    /// The forms of the model.
    public let candidates: ModelCandidates
    /// What training it sends; nil where it is not known.
    public let traffic: TrainingTraffic?

    /// Takes the model of an arm's folder, with the bytes of its run, or a `model.fp32.safetensors`.
    ///
    /// - Throws: `NodeError.file`, `.corrupt`, `TrainingError`, `ModelFormatError`.
    public init(path: String) throws {
        let file = URL(fileURLWithPath: path)
        if file.pathExtension == "safetensors" {
            try self.init(TrainedModel(safetensors: file), traffic: nil)
            return
        }
        let model = try TrainedModel(safetensors: file.appendingPathComponent("model.fp32.safetensors"))
        let summary = file.deletingLastPathComponent().appendingPathComponent("summary.json")
        let arm = (try? Data(contentsOf: summary)).flatMap { data in
            (try? RunSummary(json: data))?.arms.first { $0.name == file.lastPathComponent }
        }
        try self.init(model, traffic: arm.flatMap { TrainingTraffic($0) })
    }

    /// Takes a built-in model for data of a shape, as the seed 1 makes it.
    ///
    /// - Throws: `TrainingError`, `ModelFormatError`.
    public init(builtIn name: String, inputShape: [Int], classCount: Int) throws {
        let spec = try ModelSpec.builtIn(name, inputShape: inputShape, classCount: classCount)
        try self.init(
            TrainedModel(spec: spec, parameters: spec.initialParameters(seed: Seed(1)), version: 0, modelHash: ""),
            traffic: nil)
    }

    private init(_ model: TrainedModel, traffic: TrainingTraffic?) throws {
        // Costs do not depend on ranges: any few numbers do for data.
        let count = model.spec.inputShape.reduce(1, *)
        var random = SeededRandom(Seed(1).derived("fit"))
        let noise = (0..<4 * count).map { _ in random.unitFloat() * 2 - 1 }
        let set = try TrainingSet(inputs: noise, labels: [0, 0, 0, 0], elementCount: count)
        candidates = try ModelCandidates(model, labels: [], calibration: set, test: nil, seed: Seed(1))
        self.traffic = traffic
    }

    /// How the best form fits each device: int8 where it fits, narrower weights where it does not.
    ///
    /// - Parameter traffic: instead of the run's own.
    public func reports(_ devices: [LinkedDevice], traffic: TrainingTraffic? = nil) -> [FitReport] {
        devices.compactMap { device in
            let fitter = DeviceFitter(device: device.device, radio: device.radio)
            let reports = candidates.candidates.map { fitter.report($0.variant, traffic: traffic ?? self.traffic) }
            return reports.first(where: \.fits) ?? reports.last
        }
    }
}

extension FitRow {
    /// The columns of a report.
    public init(_ report: FitReport) {
        self.init(
            device: report.device, radio: report.radio, variant: report.variant, fits: report.fits,
            flashBytes: report.flashBytes, arenaBytes: report.arenaBytes, milliseconds: report.inferenceMilliseconds,
            millijoules: report.inferenceMillijoules, deliveryDays: report.delivery?.days,
            float32: report.training.map { Training(isPossible: $0.float32.possible, days: $0.float32.days) },
            ours: report.training.map { Training(isPossible: $0.ours.possible, days: $0.ours.days) })
    }
}
