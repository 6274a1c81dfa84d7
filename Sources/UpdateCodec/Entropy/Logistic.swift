/// The logistic function and its inverse in integers, from constants, the same on every machine.
///
/// Logits are in units of 1/256 and within ±2816 (±11); probabilities in units of 2^-16.
final class Logistic: Sendable {
    /// The tables, made once.
    static let shared = Logistic()

    static let bound = 2816

    /// 65536 / (1 + e^(−i/4)) for i = 0…44, rounded, at most 65527.
    private static let knots: [Int] = [
        32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030,
        64357, 64614, 64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508,
        65514, 65519, 65523, 65526, 65527, 65528, 65529, 65530, 65531, 65532, 65533, 65534, 65535,
    ]

    /// Probability of each logit −bound…bound.
    let squash: [UInt16]
    /// Logit of each probability in units of 2^-12, at the middle of its interval.
    let stretch: [Int16]

    private init() {
        let squash = (-Self.bound...Self.bound).map { UInt16(Self.interpolated($0)) }
        var stretch: [Int16] = []
        var logit = -Self.bound
        for index in 0..<4096 {
            while logit < Self.bound, Int(squash[logit + Self.bound]) < 16 * index + 8 { logit += 1 }
            stretch.append(Int16(logit))
        }
        self.squash = squash
        self.stretch = stretch
    }

    private static func interpolated(_ logit: Int) -> Int {
        let distance = abs(logit)
        let index = min(distance >> 6, 43)
        let weight = distance - index << 6
        let value = (knots[index] * (64 - weight) + knots[index + 1] * weight + 32) >> 6
        return logit < 0 ? 65536 - value : value
    }
}
