import Foundation

/// A fast seeded generator whose whole sequence is the same on every machine: xoshiro256**
/// (Blackman, Vigna 2021, doi:10.1145/3460772). Not for keys or noise that protects privacy.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// Starts the sequence that belongs to a seed.
    public init(_ seed: Seed) {
        var state = seed.value
        func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            return Seed.mix(state)
        }
        s0 = next()
        s1 = next()
        s2 = next()
        s3 = next()
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = rotate(s1 &* 5, 7) &* 9
        let t = s1 << 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= t
        s3 = rotate(s3, 45)
        return result
    }

    /// A whole number below `bound`, without bias (Lemire 2019, arXiv:1805.10941). `bound` is at least 1.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0)
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold { product = next().multipliedFullWidth(by: range) }
        }
        return Int(product.high)
    }

    /// A multiple of 2^-24 in [0, 1): exact in `Float`, so equal on every machine.
    public mutating func unitFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// A multiple of 2^-53 in [0, 1).
    public mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A draw from the standard normal distribution (Box–Muller). Uses `log` and `cos` of the platform: for data and
    /// partitions, never for what two machines must agree on to the bit.
    public mutating func normal() -> Double {
        let radius = (-2 * log(1 - unitDouble())).squareRoot()
        return radius * cos(2 * Double.pi * unitDouble())
    }

    /// Shuffles in place (Fisher–Yates), in an order that depends on the seed alone.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, below(last + 1))
        }
    }

    private func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
}
