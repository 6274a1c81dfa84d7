import Tensors

/// All tensors of an update quantized with one step: the plans, what they cost and what they lose.
struct TransformTrial {
    let step: Float
    var plans: [TensorPlan]
    /// Estimated, or counted, bits.
    var bits: Double
    /// Sum of squared errors.
    var error: Double

    /// Decisions that a later trial at a nearby step keeps, so that its error changes smoothly with the step.
    struct Structure {
        var view: TensorGeometry.View
        var rank: Int
        var hasGrid: Bool
    }

    var structure: [Structure] {
        plans.map { Structure(view: $0.view, rank: $0.factors.rank, hasGrid: !$0.grid.isEmpty) }
    }
}

/// Tries one tensor at one step.
struct TensorTrial {
    let analysis: TensorAnalysis
    let options: TransformOptions
    let step: Float
    /// Error energy that one bit is worth: the slope of the rate–distortion curve at this step, D(R) ∝ 2^(−2R).
    var price: Double { Double(step) * Double(step) / 8.66 }

    /// Threshold of the dead zone for values outside of factors.
    private static let gridThreshold: Float = 0.64

    /// The cheapest plan by error + price · bits, or the plan with a given structure.
    func best(structure: TransformTrial.Structure?, isFinal: Bool) -> (plan: TensorPlan, bits: Double, error: Double) {
        let geometry = analysis.geometry
        var best = (plan: TensorPlan(geometry: geometry), bits: 2.0, error: analysis.energy)
        if analysis.energy == 0 { return best }
        func consider(_ plan: TensorPlan, _ bits: Double, _ error: Double) {
            if error + price * bits < best.error + price * best.bits { best = (plan, bits, error) }
        }
        var product = best
        for (view, quantizer) in analysis.quantizers where options.allowsFactors {
            if let structure, structure.view != view || structure.rank == 0 { continue }
            let result = quantizer.quantize(
                step: step, price: price, rank: structure?.rank, isFinal: isFinal)
            guard result.code.rank > 0 else { continue }
            var plan = TensorPlan(geometry: geometry, view: view)
            plan.factors = result.code
            let cost = result.error + price * result.bits
            if cost < product.error + price * product.bits || structure != nil {
                product = (plan, result.bits, result.error)
            }
        }
        if let structure {
            guard structure.hasGrid else { return product }
            return withGrid(product.plan, bits: product.bits) ?? product
        }
        consider(product.plan, product.bits, product.error)
        guard options.gridUse == .everywhere || !geometry.allowsFactors else { return best }
        if let grid = withGrid(product.plan, bits: product.bits) { consider(grid.plan, grid.bits, grid.error) }
        if product.plan.factors.rank > 0, let grid = withGrid(TensorPlan(geometry: geometry), bits: 2) {
            consider(grid.plan, grid.bits, grid.error)
        }
        return best
    }

    /// Adds a grid for what the factors leave behind; nil where nothing leaves the dead zone.
    private func withGrid(_ plan: TensorPlan, bits: Double) -> (plan: TensorPlan, bits: Double, error: Double)? {
        let geometry = analysis.geometry
        let count = analysis.plain.count
        var rest = analysis.plain
        if plan.factors.rank > 0 {
            rest = DenseMatrix(rows: geometry.rows, columns: geometry.columns)
            plan.reconstruct(step: step, geometry: geometry, into: rest.elements)
            for index in 0..<count { rest.elements[index] = analysis.plain.elements[index] - rest.elements[index] }
        }
        var grid = [Int32](repeating: 0, count: count)
        var nonzero = 0
        var sum = 0
        var error = 0.0
        let inverse = 1 / step
        for index in 0..<count {
            let value = rest.elements[index]
            let q = LowRankQuantizer.nearest(value * inverse, Self.gridThreshold)
            grid[index] = q
            nonzero += q != 0 ? 1 : 0
            sum += Int(abs(q))
            let lost = value - Float(q) * step
            error += Double(lost * lost)
        }
        guard nonzero > 0 else { return nil }
        var result = plan
        result.grid = grid
        result.measureGrid()
        let spent =
            count <= TensorAnalysis.countingLimit
            ? countedBits(of: result) : 0.85 * LowRankQuantizer.estimate(count: count, nonzero: nonzero, sum: sum)
        return (result, bits + spent + 6, error)
    }

    private func countedBits(of plan: TensorPlan) -> Double {
        let model = CoefficientModel()
        var counter = BitCounter()
        var values = plan.grid
        let geometry = analysis.geometry
        var grid = GridCoder(
            rows: geometry.rows, columns: geometry.columns, period: geometry.period,
            family: geometry.entry.kind == .weight ? 2 : 3)
        values.withUnsafeMutableBufferPointer {
            grid.code($0, startLevel: (plan.gridLevel - 48) << 6, model: model, with: &counter)
        }
        return counter.bits
    }
}
