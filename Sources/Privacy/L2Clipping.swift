/// Bounds the Euclidean norm of an update, so that one client's influence on a sum is limited
/// (Abadi et al. 2016, section 3.1, arXiv:1607.00133).
public enum L2Clipping {
    /// Scales `vector` down to a norm of at most `bound`; shorter vectors stay as they are, to the bit.
    ///
    /// The norm is summed in double precision. The factor is rounded towards zero, so that rounding never leaves a norm
    /// above the bound.
    ///
    /// - Returns: the norm before clipping.
    /// - Throws: `PrivacyError.notFinite` for NaN or infinity, with `vector` untouched; `.invalidBound` for a bound
    ///   that is not finite or not above 0.
    @discardableResult
    public static func clip(_ vector: inout [Float], toNorm bound: Double) throws(PrivacyError) -> Double {
        guard bound.isFinite, bound > 0 else { throw .invalidBound(bound) }
        var sum = 0.0
        for index in vector.indices {
            let value = Double(vector[index])
            guard value.isFinite else { throw .notFinite(index: index) }
            sum += value * value
        }
        let norm = sum.squareRoot()
        guard norm > bound else { return norm }
        // Each product rounds by up to 2^-24 relative; the margin keeps the whole norm inside.
        let factor = bound / norm * (1 - 0x1p-22)
        for index in vector.indices { vector[index] = Float(Double(vector[index]) * factor) }
        return norm
    }
}
