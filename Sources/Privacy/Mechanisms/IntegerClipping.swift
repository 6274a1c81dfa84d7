import Foundation

/// Bounds the L2 norm of a vector that is already rounded to integers, so that rounding adds nothing to the sensitivity.
///
/// Clipping before rounding needs a margin that grows with the dimension: `DistributedNoise.roundedL2Sensitivity`, the
/// conditional rounding of Kairouz, Liu and Steinke 2021 (arXiv:2102.06387), section 3.1. Clipping afterwards has the
/// sensitivity clip × scale exactly. It pays by shrinking vectors that rounding made longer.
public enum IntegerClipping {
    /// Scales a vector down to a norm of at most `bound`, towards zero; shorter vectors stay as they are.
    ///
    /// - Returns: whether the vector was longer.
    /// - Throws: `PrivacyError.invalidBound` for a bound that is not finite or not above 0.
    @discardableResult
    public static func clip<Value: FixedWidthInteger & SignedInteger>(
        _ vector: inout [Value], toNorm bound: Double
    ) throws(PrivacyError) -> Bool {
        guard bound.isFinite, bound > 0 else { throw .invalidBound(bound) }
        // Powers of two by which the factor falls, should double precision have rounded in the wrong direction.
        var margin = 0x1p-50
        let norm = norm(vector)
        guard norm > bound else { return false }
        let original = vector
        repeat {
            let factor = bound / norm * (1 - margin)
            for index in vector.indices { vector[index] = Value(Double(original[index]) * factor) }
            margin *= 2
        } while self.norm(vector) > bound
        return true
    }

    /// Rounds to integers, up or down at random so that the mean is kept, and again until the norm is within `bound`.
    ///
    /// `bound` is `DistributedNoise.roundedL2Sensitivity`, for which a try fails with probability β at most.
    ///
    /// - Parameter values: already scaled to integers per unit and clipped to clip × scale.
    /// - Throws: `PrivacyError.notFinite`; `.roundingFailed` when so many tries failed that the bound must be wrong.
    public static func round(
        _ values: [Float], within bound: Double, using random: inout some RandomNumberGenerator
    ) throws(PrivacyError) -> [Int32] {
        if let index = values.firstIndex(where: { !$0.isFinite || abs($0) >= 0x1p30 }) {
            throw .notFinite(index: index)
        }
        for _ in 0..<maximumTries {
            let rounded = values.map { value in
                let below = value.rounded(.down)
                let chance = UInt64(Double(value - below) * 0x1p63)
                return Int32(below) + (random.next() >> 1 < chance ? 1 : 0)
            }
            if norm(rounded) <= bound { return rounded }
        }
        throw .roundingFailed(tries: maximumTries)
    }

    private static let maximumTries = 1000

    /// Exact for squares that sum up to 2⁵³, rounded above.
    private static func norm<Value: FixedWidthInteger & SignedInteger>(_ vector: [Value]) -> Double {
        vector.reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
    }
}
