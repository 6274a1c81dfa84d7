import Foundation

/// The sum of independent losses, circular in `count` cells, weighted by e^(tilt · loss).
struct TiltedConvolution {
    private let count: Int
    private let spacing: Double
    private let tilt: Double
    /// Tilted masses by loss modulo `count`, relative to `lowerIndex`.
    private let masses: [Double]
    /// Lowest loss of the sum, in steps.
    private let lowerIndex: Int
    /// What the logs of the masses were lowered by.
    private let logScale: Double

    init(parts: [LossComposition.Part], tilt: Double, transform: FourierTransform) {
        let count = transform.count
        var product = (real: [Double](repeating: 1, count: count), imaginary: [Double](repeating: 0, count: count))
        var lowerIndex = 0
        var logScale = 0.0
        for part in parts where part.count > 0 {
            let partScale = part.moments.logMoment(tilt)
            var real = Self.tilted(part.distribution, tilt: tilt, logScale: partScale, count: count)
            var imaginary = [Double](repeating: 0, count: count)
            transform.forward(real: &real, imaginary: &imaginary)
            Self.multiply(&product, byPower: part.count, of: (real, imaginary))
            lowerIndex += part.count * part.distribution.lowerIndex
            logScale += Double(part.count) * partScale
        }
        transform.inverse(real: &product.real, imaginary: &product.imaginary)
        masses = product.real
        self.count = count
        self.tilt = tilt
        self.lowerIndex = lowerIndex
        self.logScale = logScale
        spacing = parts[0].distribution.spacing
    }

    /// The untilted probabilities of `count` losses from `first` steps on.
    func probabilities(from first: Int) -> [Double] {
        let offset = first - lowerIndex
        return (0..<count).map { index in
            let position = (offset + index) % count
            let mass = max(0, masses[position < 0 ? position + count : position]) / Double(count)
            return mass > 0 ? mass * exp(logScale - tilt * Double(first + index) * spacing) : 0
        }
    }

    private static func tilted(
        _ distribution: PrivacyLossDistribution, tilt: Double, logScale: Double, count: Int
    ) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (index, mass) in distribution.probabilities.enumerated() where mass > 0 {
            let exponent = tilt * Double(distribution.lowerIndex + index) * distribution.spacing - logScale
            // A large exponent belongs to a tiny mass; their product is at most 1.
            let weighted = exponent < 600 ? mass * exp(exponent) : exp(exponent + log(mass))
            result[index & (count - 1)] += weighted
        }
        return result
    }

    /// Multiplies each frequency by a power of the factor's, using that the inputs are real.
    private static func multiply(
        _ product: inout (real: [Double], imaginary: [Double]), byPower power: Int,
        of factor: (real: [Double], imaginary: [Double])
    ) {
        for position in product.real.indices {
            let mirror = FourierTransform.mirror(of: position)
            guard position <= mirror else { continue }
            var (x, y) = (product.real[position], product.imaginary[position])
            var (a, b) = (factor.real[position], factor.imaginary[position])
            var rest = power
            while rest > 0 {
                if rest & 1 == 1 { (x, y) = (x * a - y * b, x * b + y * a) }
                rest >>= 1
                if rest > 0 { (a, b) = (a * a - b * b, 2 * a * b) }
            }
            (product.real[position], product.imaginary[position]) = (x, y)
            (product.real[mirror], product.imaginary[mirror]) = (x, mirror == position ? y : -y)
        }
    }
}
