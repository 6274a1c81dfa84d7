import Foundation
import Testing
import Training

/// One case of `Tests/Golden/training`, made by PyTorch.
struct TrainingGolden: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let layers: [LayerSpec]
    let inputShape: [Int]
    let classCount: Int
    let labels: [Int32]
    let inputs: [Int]
    let parameters: [Int]
    let logits: [Int]
    let loss: Double
    let gradient: [Int]
    let statistics: [Int]
    let plan: LocalTrainingPlan?
    let trained: [Int]?
    let lastLoss: Double?

    var testDescription: String { name }

    var spec: ModelSpec {
        ModelSpec(name: name, inputShape: inputShape, classCount: classCount, layers: layers)
    }

    func set() throws -> TrainingSet {
        try TrainingSet(
            inputs: try Self.values(inputs), labels: labels, elementCount: inputShape.reduce(1, *))
    }

    func trainer() throws -> Trainer { try Trainer(spec: spec, maximumBatchSize: labels.count) }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/training")

    static func all() throws -> [TrainingGolden] {
        try JSONDecoder().decode([TrainingGolden].self, from: Data(contentsOf: folder.appending(path: "training.json")))
    }

    /// Little-endian float32 from `range[0]` up to `range[1]`, in elements.
    static func values(_ range: [Int]) throws -> [Float] {
        let data = try Data(contentsOf: folder.appending(path: "training.f32"))
        return data[range[0] * 4..<range[1] * 4].withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
            }
        }
    }
}

/// Largest difference, relative to the largest expected magnitude (or 0.01, where rounding is all there is).
func relativeDifference(_ actual: [Float], _ expected: [Float]) -> Float {
    guard actual.count == expected.count else { return .infinity }
    let scale = max(expected.reduce(0) { max($0, abs($1)) }, 1e-2)
    return zip(actual, expected).reduce(0) { worst, pair in
        let difference = abs(pair.0 - pair.1) / scale
        return difference <= worst ? worst : difference
    }
}
