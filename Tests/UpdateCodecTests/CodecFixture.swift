import Tensors
import UpdateCodec

/// Layouts and updates that the codec tests share.
enum CodecFixture {
    static let context = CodecContext(seed: Seed(5), round: 3)

    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("conv/weight", [8, 3, 3, 3], .weight), ("conv/bias", [8], .vector), ("dense/weight", [10, 64], .weight),
            ("dense/bias", [10], .vector), ("one/weight", [1, 1], .weight), ("norm/mean", [1], .statistic),
        ])
    }

    static func update(_ layout: ParameterLayout, seed: UInt64, spread: Float = 0.01) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<layout.count).map { _ in Float(random.normal()) * spread }
    }

    /// ‖x − y‖² / ‖x‖².
    static func nmse(_ x: [Float], _ y: [Float]) -> Double {
        var error = 0.0
        var energy = 0.0
        for (a, b) in zip(x, y) {
            error += (Double(a) - Double(b)) * (Double(a) - Double(b))
            energy += Double(a) * Double(a)
        }
        return energy > 0 ? error / energy : error
    }
}
