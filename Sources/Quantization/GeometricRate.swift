import Foundation

/// Bits of integers under a zero-inflated two-sided geometric distribution: what an ideal entropy coder would spend.
struct GeometricRate {
    private let zeroBits: Float
    private let signBits: Float
    private let stepBits: Float

    /// Fits the two parameters: the share of zeros and the mean magnitude of the others. Half a count is added to each
    /// side, so that nothing costs infinitely many bits.
    init(fitting integers: [Int32]) {
        var nonzero = 0.0
        var magnitudes = 0.0
        for integer in integers where integer != 0 {
            nonzero += 1
            magnitudes += Double(integer.magnitude)
        }
        let share = (nonzero + 0.5) / (Double(integers.count) + 1)
        let stop = (nonzero + 0.5) / (magnitudes + 1)
        zeroBits = Float(-log2(1 - share))
        signBits = Float(1 - log2(share) - log2(stop))
        stepBits = Float(-log2(1 - stop))
    }

    /// Bits of one integer.
    func bits(of integer: Int32) -> Float {
        integer == 0 ? zeroBits : signBits + Float(integer.magnitude - 1) * stepBits
    }
}
