import Quantization
import Tensors
import Testing

/// Tensors that the quantizer tests share.
enum TensorFixture {
    /// A tensor and the reason why it is in the list.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let values: [Float]
        let rows: Int
        var testDescription: String { name }
    }

    static func normal(_ count: Int, seed: UInt64, spread: Float = 1) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<count).map { _ in Float(random.normal()) * spread }
    }

    static let cases: [Case] = [
        Case(name: "empty", values: [], rows: 1),
        Case(name: "empty rows", values: [], rows: 3),
        Case(name: "one value", values: [-0.3], rows: 1),
        Case(name: "zeros", values: [0, 0, -0.0], rows: 1),
        Case(name: "constant", values: [Float](repeating: 0.7, count: 12), rows: 4),
        Case(name: "denormal", values: [.leastNonzeroMagnitude, -0x1p-148, 0x1p-133, 0], rows: 2),
        Case(name: "huge range", values: [1e-38, 1e38, -1, 0, 3e-12, -2e19], rows: 1),
        Case(name: "largest", values: [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0, 1], rows: 2),
        Case(name: "normal", values: normal(5 * 37, seed: 1), rows: 5),
        Case(name: "small normal", values: normal(1024, seed: 2, spread: 1e-4), rows: 8),
    ]
}

/// Largest distance between two vectors.
func largestDistance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, abs($1.0 / 2 - $1.1 / 2)) } * 2
}
