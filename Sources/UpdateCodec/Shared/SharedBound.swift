/// How far the whole numbers of one client may go in the masked lane where differential privacy bounds its influence.
///
/// All coefficients have one grid, made of public numbers alone: a scale that follows the updates would tell about them.
public struct SharedBound: Hashable, Sendable {
    /// L2 norm that the coefficients of an update are scaled down to, above 0.
    public let clip: Double
    /// Values of an upload, 1 or more.
    public let count: Int
    /// One step of the grid is two to this power; −28 or more, so that sums are whole in 28 fraction bits.
    public let stepExponent: Int

    /// The grid whose step is between a quarter and half of the root mean square of coefficients as long as the clip:
    /// coarse enough for few bits, fine enough that rounding makes a vector hardly longer.
    public init(clip: Double, count: Int) {
        precondition(clip > 0 && count > 0, "a bound needs a clip and values")
        self.clip = clip
        self.count = count
        stepExponent = max(-28, Int((clip / (2 * Double(count).squareRoot())).exponent))
    }

    /// One step of the grid.
    public var step: Double { Double(sign: .plus, exponent: stepExponent, significand: 1) }

    /// L2 norm of the whole numbers, which is what one client adds to their sum at most.
    public var integerClip: Double { clip / step }

    /// The norm before rounding with which the clip mostly holds after it: rounding adds a quarter of a squared step per
    /// value at most, on average.
    var roundingClip: Double {
        let rounding = Double(count) * step * step / 4
        return max(clip * clip - rounding, clip * clip / 4).squareRoot()
    }
}
