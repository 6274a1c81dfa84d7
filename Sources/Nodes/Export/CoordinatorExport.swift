import Configuration
import Datasets
import Encryption
import Federation
import Foundation
import Persistence
import Tensors
import Training

/// Exports published versions from a coordinator's state directory, also while it serves.
public struct CoordinatorExport: Sendable {
    private let file: FederationFile
    private let dataRoot: URL?

    /// Takes the configuration of a coordinator.
    ///
    /// - Parameter dataRoot: folder of data sets where the file names none.
    public init(file: FederationFile, dataRoot: URL?) {
        self.file = file
        self.dataRoot = file.dataDirectory.map { URL(fileURLWithPath: $0) } ?? dataRoot
    }

    /// Writes the bundle of a version.
    ///
    /// - Parameters:
    ///   - version: nil: the newest.
    ///   - golden: vectors of input and output that come with it.
    /// - Returns: how the chosen form fits.
    /// - Throws: `NodeError.configuration` where there is no such version or no data to calibrate on, or where nothing
    ///   fits; errors of the store, the data and the formats.
    public func write(
        version: UInt32?, for device: LinkedDevice, to folder: URL, golden: Int = BundleExporter.goldenCount
    ) throws -> FitReport {
        guard let evaluation = file.evaluation else {
            throw NodeError.configuration("an export needs 'evaluation': activations are measured on its data")
        }
        let seed = Seed(file.seed)
        let data = try evaluation.loadTest(dataRoot: dataRoot, seed: seed)
        let identity = try NodeIdentity.load(from: file.identityFile, role: .coordinator)
        guard let record = try CoordinatorStore(path: file.storePath).record(version: version) else {
            let asked = version.map { "version \($0) is not" } ?? "no version is"
            throw NodeError.configuration(
                "\(asked) in \(file.storePath): the newest \(CoordinatorStore.keptVersions) are kept")
        }
        let spec = try file.run.model.spec(inputShape: data.inputShape, classCount: data.classCount)
        let test = try TrainingSet(data)
        let labels = data.classNames ?? []
        let candidates = try ModelCandidates(
            try TrainedModel(record: record, spec: spec), labels: labels, calibration: test, test: test, seed: seed)
        let exporter = BundleExporter(candidates, labels: labels, golden: test, key: identity.signing)
        return try exporter.write(for: device, to: folder, traffic: nil, count: golden)
    }
}
