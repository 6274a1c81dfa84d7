/// How the values of a tensor's factors are distributed.
///
/// By class of expected magnitude: the chance of a zero and the ratio between the chances of successive magnitudes, a
/// zero-inflated geometric distribution. By strength of the neighbours' signs: the chance that a sign agrees with them.
/// All chances are logits in quarters.
struct BulkShape {
    /// Classes are half octaves of the expected magnitude, from 2^-8 on.
    static let classCount = 32
    /// Logits are −8…7.75.
    static let largestCode = 63
    /// Strengths of neighbours from 1 on, the last one for all above.
    static let strengthCount = 3

    /// Classes below and above count as the first and last one.
    var classes = 0...0
    /// Chance of a zero, one per class in `classes`.
    var zeroCodes: [Int] = [32]
    /// Chance that a magnitude is not the last one, one per class in `classes`.
    var tailCodes: [Int] = [32]
    /// Chance that a sign agrees with its neighbours': per strength for the left factor, then for the right one.
    var signCodes = [Int](repeating: 32, count: 2 * strengthCount)

    /// Low bits of values of a class that are sent as they are.
    @inline(__always)
    static func shift(of level: Int) -> Int { max(0, (level - 19) >> 1) }

    /// 1/(1 + e^−logit) in units of 2^-16.
    static func probability(_ code: Int) -> Int { Int(Logistic.shared.squash[(code - 32) * 64 + Logistic.bound]) }

    /// Frequency, out of 2^12, of a sign that agrees: per factor for strengths 0…3.
    func signFrequencies() -> [UInt32] {
        (0..<2).flatMap { side in
            (0...Self.strengthCount).map { strength in
                if strength == 0 { return 2048 }
                let code = signCodes[side * Self.strengthCount + strength - 1]
                return UInt32(max(1, min(4095, (Self.probability(code) + 8) >> 4)))
            }
        }
    }

    /// Codes of the columns' means, right before left, strongest first; a decoder reads them instead.
    var meanCodes: [Int] = []
    /// The columns that are not all zeros, in that order; a decoder fills them in elsewhere.
    var columns: [BulkColumn] = []

    /// Neighbours' magnitudes that move a class.
    static let nearCount = 16

    /// The class of a position by the class that it has without its neighbours and by their magnitudes: the means blend
    /// as eight to one for each neighbour.
    ///
    /// - Parameter neighbours: 1 or 2.
    func refinement(neighbours: Int) -> [UInt8] {
        (0..<Self.classCount).flatMap { level in
            (0..<Self.nearCount).map { near in
                let mean = FactorCoder.power(128 * level + 64 + 2048)
                let blended = (8 * mean + near << 16) / (8 + neighbours)
                let found = (FixedLogarithm.log2(max(1, blended)) - 2048) >> 7
                return UInt8(max(classes.lowerBound, min(classes.upperBound, found)))
            }
        }
    }
}
