import Foundation

/// The scale of a block of coefficients, in quarters of an octave: 2^(exponent / 4) is the root mean square that is
/// expected of them.
///
/// All clients of a round use one scale. Each adds to its upload how far off it was, rounded to quarters of an octave;
/// the masked sum of these tells the mean, and the next round's scale follows it.
public enum CommonScale {
    /// Exponents that occur, from 2^-32 to 2^31.75.
    static let range = -128...127
    private static let quarters: [Float] = [1, 1.189_207_1, 1.414_213_5, 1.681_792_9]

    /// 2^(exponent / 4), the same bits everywhere.
    static func rootMeanSquare(_ exponent: Int) -> Float {
        let octave = exponent >> 2
        return Float(sign: .plus, exponent: octave, significand: quarters[exponent - 4 * octave])
    }

    /// How many quarters of an octave the root mean square of `values` is above the scale, within ±`limit`.
    static func report(_ values: [Float], exponent: Int, limit: Int) -> Int {
        let energy = values.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard energy > 0, !values.isEmpty else { return 0 }
        let quarters = 2 * log2(energy / Double(values.count)) - Double(exponent)
        return max(-limit, min(limit, Int(max(-1e6, min(1e6, quarters)).rounded())))
    }

    /// The next exponent, from the sum of the reports of `clients` clients; integer arithmetic only.
    static func next(_ exponent: Int, reports sum: Int, clients: Int) -> Int {
        guard clients > 0 else { return exponent }
        let doubled = 2 * sum + (sum >= 0 ? clients : -clients)
        return max(range.lowerBound, min(range.upperBound, exponent + doubled / (2 * clients)))
    }
}
