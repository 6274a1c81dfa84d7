import Tensors

/// How one tensor is seen by the transform: as a matrix, with what the layout tells about neighbours.
struct TensorGeometry {
    /// One of the two ways to read a tensor as a matrix.
    enum View: Int {
        /// Output channels × everything else.
        case plain = 0
        /// (Output channels and kernel positions) × input channels, for convolutions.
        case turned = 1
    }

    let entry: ParameterEntry
    let rows: Int
    let columns: Int
    /// Distance to the neighbour above on the grid along the columns of the plain view, 0 for none.
    let period: Int
    /// Kernel positions of a convolution that can be turned, otherwise 0.
    let area: Int

    /// Largest number of components of a tensor.
    static let largestRank = 64

    /// Whether the tensor has two sides, so that a product of factors can describe it.
    var allowsFactors: Bool { min(rows, columns) > 1 }
    var allowsTurning: Bool { area > 0 }
    /// Whether the product's values may be coded in bulk: where there can be so many that speed matters.
    var allowsBulk: Bool { allowsFactors && entry.count >= 1 << 15 }

    func rows(in view: View) -> Int { view == .plain ? rows : rows * area }
    func columns(in view: View) -> Int { view == .plain ? columns : columns / area }
    func rankLimit(in view: View) -> Int { min(Self.largestRank, rows(in: view), columns(in: view)) }

    /// Period along the rows or the columns of a view.
    func rowPeriod(in view: View) -> Int { view == .turned ? period : 0 }
    func columnPeriod(in view: View) -> Int { view == .plain ? period : 0 }

    /// The geometry of every tensor of a layout, from its shapes alone.
    ///
    /// A kernel's rows are its last dimension. A dense layer that follows a layer of c channels sees c square images
    /// when its inputs divide that way, which gives the distance between their rows.
    static func all(of layout: ParameterLayout) -> [TensorGeometry] {
        var channels = 0
        return layout.entries.map { entry in
            var period = 0
            var area = 0
            if entry.kind == .weight {
                let kernel = entry.shape.dropFirst(2).reduce(1, *)
                if entry.shape.count > 2, kernel > 1 {
                    period = entry.shape.count > 3 ? entry.shape[entry.shape.count - 1] : 0
                    area = entry.shape[1] > 1 ? kernel : 0
                } else if channels > 0, entry.columnCount % channels == 0 {
                    period = squareSide(entry.columnCount / channels)
                }
                channels = entry.rowCount
            }
            return TensorGeometry(
                entry: entry, rows: entry.rowCount, columns: entry.columnCount, period: period, area: area)
        }
    }

    private static func squareSide(_ area: Int) -> Int {
        var side = 0
        while (side + 1) * (side + 1) <= area { side += 1 }
        return side > 1 && side * side == area ? side : 0
    }

    /// Copies between the plain order and the order of the turned view.
    func turn(_ plain: UnsafePointer<Float>, into turned: UnsafeMutablePointer<Float>) {
        let inputs = columns / area
        for output in 0..<rows {
            for input in 0..<inputs {
                let source = plain + output * columns + input * area
                for position in 0..<area { turned[(output * area + position) * inputs + input] = source[position] }
            }
        }
    }

    /// Adds a matrix in the turned view to one in the plain order.
    func addTurned(_ turned: UnsafePointer<Float>, to plain: UnsafeMutablePointer<Float>) {
        let inputs = columns / area
        for output in 0..<rows {
            for input in 0..<inputs {
                let target = plain + output * columns + input * area
                for position in 0..<area { target[position] += turned[(output * area + position) * inputs + input] }
            }
        }
    }
}
