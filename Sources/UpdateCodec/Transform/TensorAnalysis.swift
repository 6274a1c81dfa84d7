/// One tensor of an update prepared for trials at many steps: its matrix views and their strongest directions.
final class TensorAnalysis {
    let geometry: TensorGeometry
    let plain: DenseMatrix
    let energy: Double
    private(set) var quantizers: [(view: TensorGeometry.View, quantizer: LowRankQuantizer)] = []

    /// Tensors with more elements than this are judged by estimates instead of by counting every bit.
    static let countingLimit = 50_000

    /// - Parameter values: the tensor's elements, which outlive the analysis.
    init(geometry: TensorGeometry, values: UnsafePointer<Float>, factor: Float) {
        self.geometry = geometry
        if factor == 1 {
            plain = DenseMatrix(reading: values, rows: geometry.rows, columns: geometry.columns)
        } else {
            plain = DenseMatrix(rows: geometry.rows, columns: geometry.columns)
            for index in 0..<plain.count { plain.elements[index] = values[index] * factor }
        }
        energy = plain.energy
    }

    /// Components of a first look at a large tensor, and of a second when the first leaves too much.
    private static let ranks = [16, 40, TensorGeometry.largestRank]

    /// Finds the strongest directions of each view, as many as the target may need.
    ///
    /// - Parameter total: energy of the whole update.
    func findSubspaces(for target: TransformOptions.Target, of total: Double) {
        guard geometry.allowsFactors, energy > 0 else { return }
        let tolerated: Double =
            switch target {
            case .nmse(let nmse): nmse * total
            case .bytes: 0
            }
        quantizers = [(.plain, Self.quantizer(of: plain, energy: energy, tolerated: tolerated))]
        guard geometry.allowsTurning else { return }
        let turned = DenseMatrix(rows: geometry.rows(in: .turned), columns: geometry.columns(in: .turned))
        geometry.turn(plain.elements, into: turned.elements)
        quantizers.append((.turned, Self.quantizer(of: turned, energy: energy, tolerated: tolerated)))
    }

    /// What reverse water-filling over the directions leaves at a step, roughly.
    func expectedError(step: Double) -> Double {
        let noise = Self.noiseShare * step * step
        var least = min(energy, noise * Double(plain.count))
        for (_, quantizer) in quantizers {
            let length = Double(quantizer.matrix.rows + quantizer.matrix.columns)
            var left = energy
            for direction in quantizer.subspace.energies where direction > noise * length {
                left -= direction - noise * length
            }
            least = min(least, left)
        }
        return least
    }

    private static let noiseShare = 0.05

    /// Keeps the view that a trial has chosen for a large tensor, to try no other one again.
    func settle(_ plan: TensorPlan) {
        guard plain.count > 1 << 15, quantizers.count > 1, plan.factors.rank > 0 else { return }
        quantizers.removeAll { $0.view != plan.view }
    }

    private static func quantizer(of matrix: DenseMatrix, energy: Double, tolerated: Double) -> LowRankQuantizer {
        var subspace = Subspace(of: matrix, rank: ranks[0], iterations: 1)
        for rank in ranks.dropFirst() where !Subspace.isExact(for: matrix) {
            // What the directions leave out should be a small part of the error that is allowed.
            let left = energy - subspace.energies.reduce(0, +)
            if left < 0.5 * tolerated || subspace.left.rows >= min(rank, matrix.rows, matrix.columns) { break }
            subspace = Subspace(extending: subspace, of: matrix, rank: rank, iterations: 1)
        }
        return LowRankQuantizer(matrix: matrix, subspace: subspace, energy: energy)
    }
}
