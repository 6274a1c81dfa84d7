/// One tensor of an update prepared for trials at many steps: its matrix views and their strongest directions.
final class TensorAnalysis {
    let geometry: TensorGeometry
    let plain: DenseMatrix
    let energy: Double
    private(set) var quantizers: [(view: TensorGeometry.View, quantizer: LowRankQuantizer)] = []

    /// Tensors with more elements than this are judged by estimates instead of by counting every bit.
    static let countingLimit = 1 << 18

    init(geometry: TensorGeometry, values: UnsafePointer<Float>) {
        self.geometry = geometry
        plain = DenseMatrix(rows: geometry.rows, columns: geometry.columns)
        plain.elements.update(from: values, count: plain.count)
        energy = plain.energy
    }

    /// Finds the strongest directions of each view.
    func findSubspaces(rank: Int, iterations: Int) {
        guard geometry.allowsFactors, energy > 0 else { return }
        quantizers = [(.plain, Self.quantizer(of: plain, rank: rank, iterations: iterations))]
        guard geometry.allowsTurning else { return }
        let turned = DenseMatrix(rows: geometry.rows(in: .turned), columns: geometry.columns(in: .turned))
        geometry.turn(plain.elements, into: turned.elements)
        quantizers.append((.turned, Self.quantizer(of: turned, rank: rank, iterations: iterations)))
    }

    private static func quantizer(of matrix: DenseMatrix, rank: Int, iterations: Int) -> LowRankQuantizer {
        LowRankQuantizer(matrix: matrix, subspace: Subspace(of: matrix, rank: rank, iterations: iterations))
    }
}
