/// The tables of the last transform used; the next one is often of the same length.
struct FourierTransforms: Sendable {
    private var last: FourierTransform?

    mutating func transform(count: Int) -> FourierTransform {
        if let last, last.count == count { return last }
        let made = FourierTransform(count: count)
        last = made
        return made
    }
}
