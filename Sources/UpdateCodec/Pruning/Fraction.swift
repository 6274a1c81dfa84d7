/// A share of something, above 0 and at most 1.
struct Fraction: Hashable, Sendable {
    let value: Double

    init(_ value: Double) throws(CodecError) {
        guard value > 0, value <= 1 else {
            throw .invalidParameter("a share must lie above 0 and be at most 1, not \(value)")
        }
        self.value = value
    }

    /// The share of `count`, rounded up: at least 1 of anything.
    func of(_ count: Int) -> Int { min(count, Int((value * Double(count)).rounded(.up))) }
}
