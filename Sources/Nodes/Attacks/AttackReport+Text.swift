import Datasets
import Foundation
import Tensors

extension AttackReport {
    /// Attacks pictures of MNIST.
    ///
    /// - Parameter data: folder of the data sets.
    /// - Throws: `DatasetError`, and what the other initializer throws.
    public init(data: URL?, seed: UInt64) throws {
        let test = try DatasetSpec.named("mnist").loadTest(dataRoot: data, seed: Seed(seed))
        // The loader centres the values and scales them to unit variance; pictures are within 0...1.
        let low = test.inputs.min() ?? 0
        let span = max((test.inputs.max() ?? 1) - low, 1e-6)
        let pictures = Dataset(
            inputShape: test.inputShape, inputs: test.inputs.map { ($0 - low) / span }, labels: test.labels,
            classCount: test.classCount)
        try self.init(pictures: pictures, seed: Seed(seed))
    }

    /// The figures as JSON with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The figures as text, a line each.
    public var table: String {
        let parts = [
            ("Picture recovered, PSNR in dB (blind guess)", inversion, 1),
            ("Worst-case membership, area under the curve (bound)", membership, 3),
            ("One-run audit, lower bound on epsilon (claim)", audit, 2),
        ]
        return parts.map { title, figures, places in
            ([title]
                + figures.map { figure in
                    let value = String(format: "%.\(places)f", figure.value)
                    let reference = figure.reference.map { String(format: " (%.\(places)f)", $0) } ?? ""
                    let margin = figure.margin.map { String(format: " ± %.\(places)f", $0) } ?? ""
                    return "  \(figure.target): \(value)\(margin)\(reference)"
                }).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
