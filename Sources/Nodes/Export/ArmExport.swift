import Configuration
import Datasets
import Encryption
import Federation
import Foundation
import Reporting
import Tensors
import Training

/// Leaves the bundles that an arm of a scenario asks for.
struct ArmExport {
    let arm: ScenarioArm
    let folder: ArmFolder
    let dataRoot: URL?

    /// Writes `bundle-<profile>` for each device of the arm; a device that nothing fits gets a line that says why.
    func write(after summary: ArmSummary, show: (String) -> Void) throws {
        guard !arm.exports.isEmpty else { return }
        let model = try TrainedModel(
            safetensors: folder.root.appendingPathComponent("model.fp32.safetensors"), modelHash: summary.modelHash)
        let seed = Seed(arm.seed)
        let data = try arm.dataset.load(dataRoot: dataRoot, clients: arm.clients, seed: seed)
        let labels = data.train.classNames ?? []
        let (train, test) = (try TrainingSet(data.train), try TrainingSet(data.test))
        let candidates = try ModelCandidates(model, labels: labels, calibration: train, test: test, seed: seed)
        let exporter = BundleExporter(
            candidates, labels: labels, golden: test,
            key: try NodeIdentity.load(from: folder.identity.path, role: .coordinator).signing)
        for device in arm.exports {
            do {
                let report = try exporter.write(
                    for: device, to: folder.bundle(device.name), traffic: TrainingTraffic(summary))
                show(Self.line(report, device, folder.bundle(device.name)))
            } catch NodeError.configuration(let cause) {
                show(cause)
            }
        }
    }

    private static func line(_ report: FitReport, _ device: LinkedDevice, _ folder: URL) -> String {
        let accuracy = report.accuracy.map { ", " + HumanUnits.percent($0) } ?? ""
        return
            "bundle for \(device.name): \(report.variant)\(accuracy), \(HumanUnits.bytes(report.flashBytes)) of flash, "
            + "\(HumanUnits.bytes(report.arenaBytes)) of RAM, in \(folder.relativePath)"
    }
}

extension TrainingTraffic {
    /// The mean of what one client sent and got in a round of an arm, and the rounds that a client took part in.
    public init?(_ summary: ArmSummary) {
        let updates = summary.roundsLog.reduce(0) { $0 + $1.participants }
        guard updates > 0, summary.clients > 0 else { return nil }
        self.init(
            rounds: (updates + summary.clients - 1) / summary.clients, upByteCount: summary.wire.upBytes / updates,
            downByteCount: summary.wire.downBytes / updates)
    }
}
