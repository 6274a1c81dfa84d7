import Tensors

/// How active the rows and columns of each tensor were in the last change of the global model, which both sides hold.
///
/// Worked out in integers from exactly scaled magnitudes, so that every machine finds the same.
struct KnownActivity {
    private let delta: [Float]

    /// - Parameter delta: `layout.count` finite values.
    init(_ delta: [Float]) { self.delta = delta }

    /// Sums of magnitudes along one side of a view of a tensor.
    ///
    /// - Parameter alongRows: whether there is one sum per row of the view, or one per column.
    func sums(of geometry: TensorGeometry, view: TensorGeometry.View, alongRows: Bool) -> [Int] {
        let entry = geometry.entry
        var largest: Float = 0
        for index in entry.range { largest = max(largest, abs(delta[index])) }
        let count = alongRows ? geometry.rows(in: view) : geometry.columns(in: view)
        var sums = [Int](repeating: 0, count: count)
        guard largest > 0, largest.isFinite else { return sums }
        // The largest magnitude becomes 2^12…2^13: scaling by a power of two is exact, and so is what is cut off.
        let exponent = 12 - Int(largest.exponent)
        let scale = Float(sign: .plus, exponent: min(127, max(-126, exponent)), significand: 1)
        let area = view == .turned ? geometry.area : 1
        for row in 0..<geometry.rows {
            for column in 0..<geometry.columns {
                let magnitude = Int(abs(delta[entry.offset + row * geometry.columns + column]) * scale)
                let place = alongRows ? row * area + column % area : column / area
                sums[place] += magnitude
            }
        }
        return sums
    }
}
