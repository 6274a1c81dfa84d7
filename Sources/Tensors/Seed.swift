/// A seed from which independent seeds are derived by purpose, so that no two uses share a stream.
///
/// Derivation is integer arithmetic only and therefore the same on every machine:
/// FNV-1a over the purpose, then the SplitMix64 finalizer over each index
/// (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195).
public struct Seed: Hashable, Sendable {
    /// The 64-bit value.
    public let value: UInt64

    /// Makes a root seed.
    public init(_ value: UInt64) { self.value = value }

    /// A seed for one purpose, for example `seed.derived("cohort", round)`.
    public func derived(_ purpose: String, _ indices: Int...) -> Seed {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var state = Self.mix(value &+ 0x9e37_79b9_7f4a_7c15) ^ Self.mix(hash)
        for index in indices { state = Self.mix(state &+ 0x9e37_79b9_7f4a_7c15 &+ UInt64(bitPattern: Int64(index))) }
        return Seed(Self.mix(state))
    }

    static func mix(_ input: UInt64) -> UInt64 {
        var z = input
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
