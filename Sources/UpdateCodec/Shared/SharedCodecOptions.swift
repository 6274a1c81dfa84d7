import Tensors

/// How updates are made small enough for the masked lane, where every client of a round must use one and the same
/// support and grid.
///
/// The specification is `masked`, with parameters after a colon, for example `masked:rank=16,bits=4`.
public struct SharedCodecOptions: Hashable, Sendable {
    /// What of an update is sent; everything is known to all sides before the round.
    public enum Support: Hashable, Sendable {
        /// Of every matrix, what lies along `rank` directions of its input side, and of the rest what lies along `left`
        /// directions of its output side; the directions are taken from how the public model has moved so far and, for
        /// the share `explore`, at random.
        ///
        /// The output side is what brings new input directions in: its coefficients are whole rows.
        case lowRank(rank: Int, left: Int, explore: Double)
        /// The share `keep` of all values, drawn anew in every round.
        case random(keep: Double)
        /// The share `keep` of all values: three quarters those that have moved most in the public model, the others at
        /// random.
        case importance(keep: Double)
        /// The share `keep` of the values after a blockwise Hadamard rotation with signs of the round, drawn at random.
        case rotated(keep: Double)
    }

    /// What is sent.
    public var support: Support
    /// Bits of a value before masking, 2 to 8: magnitudes of at most 2^(bits−1) − 1.
    public var bits: Int
    /// Largest magnitude that is kept, as a multiple of the root mean square of a tensor's values.
    public var reach: Double

    /// L2 norm of one client's coefficients under differential privacy; nil: no bound, and scales that follow the updates.
    public var clip: Double?

    /// Makes the value from its fields.
    public init(
        support: Support = .lowRank(rank: 12, left: 2, explore: 0.25), bits: Int = 4, reach: Double = 3,
        clip: Double? = nil
    ) {
        self.support = support
        self.bits = bits
        self.reach = reach
        self.clip = clip
    }

    /// The bound of one client's whole numbers; nil without a clip.
    public func bound(layout: ParameterLayout) -> SharedBound? {
        clip.map { SharedBound(clip: $0, count: max(1, SharedCodec.valueCount(layout: layout, options: self))) }
    }

    /// Largest magnitude of a quantized value.
    public var magnitude: Int { 1 << (bits - 1) - 1 }

    /// Reads the part of a specification after the colon: `support=` (`lowrank`, `random`, `importance`, `rotated`),
    /// `rank=`, `left=`, `explore=`, `keep=`, `bits=`, `reach=`.
    init(_ parameters: CodecParameters) throws(CodecError) {
        try parameters.allow(["support", "rank", "left", "explore", "keep", "bits", "reach"])
        bits = try parameters.integer("bits", in: 2...8, or: 4)
        reach = try parameters.number("reach", in: 0.5...16, or: bits >= 4 ? 3 : 2.5)
        switch parameters.values["support"] ?? "lowrank" {
        case "lowrank":
            support = .lowRank(
                rank: try parameters.integer("rank", in: 1...256, or: 12),
                left: try parameters.integer("left", in: 0...64, or: 2),
                explore: try parameters.number("explore", in: 0...1, or: 0.25))
        case "random": support = .random(keep: try parameters.keep())
        case "importance": support = .importance(keep: try parameters.keep())
        case "rotated": support = .rotated(keep: try parameters.keep())
        case let other: throw .invalidParameter("support=\(other)")
        }
    }
}

extension CodecParameters {
    fileprivate func keep() throws(CodecError) -> Double { try number("keep", in: 0.0001...1, or: 0.05) }

    fileprivate func number(
        _ key: String, in range: ClosedRange<Double>, or standard: Double
    ) throws(CodecError) -> Double {
        guard let text = values[key] else { return standard }
        guard let value = Double(text), range.contains(value) else { throw .invalidParameter("\(key)=\(text)") }
        return value
    }

    fileprivate func integer(_ key: String, in range: ClosedRange<Int>, or standard: Int) throws(CodecError) -> Int {
        guard let text = values[key] else { return standard }
        guard let value = Int(text), range.contains(value) else { throw .invalidParameter("\(key)=\(text)") }
        return value
    }
}
