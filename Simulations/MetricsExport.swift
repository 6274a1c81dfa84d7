import ArgumentParser
import Foundation
import Reporting

/// Where else the figures of a run go.
struct MetricsExport: ParsableArguments {
    @Option(
        help: "Also write every round as OpenMetrics text into this file, for Prometheus.", completion: .file())
    var openMetrics: String?

    @Option(
        help: "Also write every round as scalars for TensorBoard, one folder per arm in this folder.",
        completion: .directory)
    var tensorboard: String?

    /// Writes what was asked for.
    func write(_ summary: RunSummary) throws(ReportingError) {
        if let openMetrics { try OpenMetrics(summary).write(to: URL(fileURLWithPath: openMetrics)) }
        if let tensorboard { try EventFiles(summary).write(to: URL(fileURLWithPath: tensorboard)) }
    }
}
