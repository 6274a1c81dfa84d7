import Tensors

/// What is sent for one tensor: a low-rank product, a grid of quantized values, both or neither.
struct TensorPlan {
    var view = TensorGeometry.View.plain
    /// The product, in the order of `view`; rank 0 for none.
    var factors: LowRankCode
    /// Quantized remainder (or the whole tensor where there is no product) in the plain order; empty for none.
    var grid: [Int32] = []
    /// log2 of the grid's mean magnitude in quarters, plus 48.
    var gridLevel = 0
    /// The decoded tensor is stretched by 1 + gain/32, which makes it unbiased.
    var gain = 0
    /// How the product's values are distributed, where they are coded in bulk.
    var bulk: BulkShape?

    init(geometry: TensorGeometry, view: TensorGeometry.View = .plain) {
        self.view = view
        factors = LowRankCode(rows: geometry.rows(in: view), columns: geometry.columns(in: view))
    }

    static let largestGain = 127
    static let largestGridLevel = 127

    /// Sets the grid's level from its values.
    mutating func measureGrid() {
        var sum = 0
        for value in grid { sum += Int(abs(value)) }
        guard sum > 0 else {
            grid = []
            return
        }
        let level = FixedLogarithm.log2((sum << 16) / grid.count + 1) - 4096
        gridLevel = max(0, min(Self.largestGridLevel, (level + 32) >> 6 + 48))
    }

    /// Adds what the plan stands for to a tensor in plain order that is 0 before.
    func reconstruct(step: Float, geometry: TensorGeometry, into output: UnsafeMutablePointer<Float>) {
        if factors.rank > 0 {
            switch view {
            case .plain: factors.write(step: step, to: output)
            case .turned:
                let turned = DenseMatrix(rows: factors.rows, columns: factors.columns)
                factors.write(step: step, to: turned.elements)
                for index in 0..<geometry.entry.count { output[index] = 0 }
                geometry.addTurned(turned.elements, to: output)
            }
        } else {
            output.update(repeating: 0, count: geometry.entry.count)
        }
        if !grid.isEmpty {
            grid.withUnsafeBufferPointer { values in
                for index in 0..<values.count { output[index] += Float(values[index]) * step }
            }
        }
        if gain > 0 {
            let factor = 1 + Float(gain) / 32
            for index in 0..<geometry.entry.count { output[index] *= factor }
        }
    }
}
