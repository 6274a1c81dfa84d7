/// Coins whose probability is an exact fraction or the exponential of one, from random bits and integers alone:
/// Canonne, Kamath and Steinke 2020 (arXiv:2004.00010), Algorithm 1.
///
/// Floating point would leave gaps and ties in the noise that tell neighbouring inputs apart (Mironov 2012,
/// doi:10.1145/2382196.2382264).
enum ExactBernoulli {
    /// True with probability numerator / denominator; the numerator is at most the denominator, which is at least 1.
    static func fraction(
        _ numerator: UInt128, _ denominator: UInt128, using random: inout some RandomNumberGenerator
    ) -> Bool {
        below(denominator, using: &random) < numerator
    }

    /// True with probability exp(−numerator / denominator). The denominator is at least 1 and below 2¹⁰⁰.
    static func exponential(
        _ numerator: UInt128, _ denominator: UInt128, using random: inout some RandomNumberGenerator
    ) -> Bool {
        var rest = numerator
        while rest > denominator {
            guard exponential(1, 1, using: &random) else { return false }
            rest -= denominator
        }
        // The k-th coin falls with γ/k: the run of successes is even with probability exp(−γ).
        var round: UInt128 = 1
        while fraction(rest, denominator * round, using: &random) { round += 1 }
        return round & 1 == 1
    }

    /// A whole number below `bound`, without bias: so many bits as the bound has, drawn again while they are too large.
    static func below(_ bound: UInt128, using random: inout some RandomNumberGenerator) -> UInt128 {
        let unused = (bound - 1).leadingZeroBitCount
        guard unused < 128 else { return 0 }
        guard unused < 64 else {
            let mask = UInt64.max >> UInt64(unused - 64)
            while true {
                let draw = UInt128(random.next() & mask)
                if draw < bound { return draw }
            }
        }
        let mask = UInt128.max >> UInt128(unused)
        while true {
            let draw = (UInt128(random.next()) << 64 | UInt128(random.next())) & mask
            if draw < bound { return draw }
        }
    }
}
