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

    /// How far the encoder has come.
    enum Stage {
        /// Looking for the step: estimates do.
        case searching
        /// Settling which tools each tensor uses: close calls are counted bit by bit.
        case deciding
        /// Meeting the target with the tools that were settled.
        case refining
    }

    /// Error energy that one bit is worth: the slope of the rate–distortion curve at this step, D(R) ∝ 2^(−2R).
    var price: Double { Double(step) * Double(step) / 8.66 }

    /// Root mean square of what is left, in steps, below which a grid never pays.
    private static let smallestRest = 0.15
    /// Threshold of the dead zone for values outside of factors.
    private static let gridThreshold: Float = 0.58

    /// The cheapest plan by error + price · bits, or the plan with a given structure.
    func best(structure: TransformTrial.Structure?, stage: Stage) -> (plan: TensorPlan, bits: Double, error: Double) {
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
                step: step, price: price, rank: structure?.rank, isFinal: stage == .refining)
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
            return withGrid(product.plan, bits: product.bits, stage: stage) ?? product
        }
        consider(product.plan, product.bits, product.error)
        guard options.gridUse == .everywhere || !geometry.allowsFactors else { return best }
        // Where the rest is far smaller than a step, no single value is worth its place.
        let rest = (product.error / Double(geometry.entry.count)).squareRoot()
        if rest < Self.smallestRest * Double(step), geometry.allowsFactors { return best }
        if let grid = withGrid(product.plan, bits: product.bits, stage: stage) {
            consider(grid.plan, grid.bits, grid.error)
        }
        if stage != .searching, product.plan.factors.rank > 0,
            let grid = withGrid(TensorPlan(geometry: geometry), bits: 2, stage: stage)
        {
            consider(grid.plan, grid.bits, grid.error)
        }
        return best
    }

    /// Adds a grid for what the factors leave behind; nil where nothing leaves the dead zone.
    private func withGrid(
        _ plan: TensorPlan, bits: Double, stage: Stage
    ) -> (plan: TensorPlan, bits: Double, error: Double)? {
        let geometry = analysis.geometry
        let count = analysis.plain.count
        if count > TensorAnalysis.countingLimit, plan.view == .plain {
            // A few rows tell whether it is worth the while.
            let sample = sampled(plan)
            guard sample.gain > sample.bits * price else { return nil }
            if stage == .searching {
                var result = plan
                result.grid = Self.placeholder
                return (result, bits + sample.bits, sample.error)
            }
        }
        var rest = analysis.plain
        if plan.factors.rank > 0 {
            rest = DenseMatrix(rows: geometry.rows, columns: geometry.columns)
            plan.reconstruct(step: step, geometry: geometry, into: rest.elements)
            for index in 0..<count { rest.elements[index] = analysis.plain.elements[index] - rest.elements[index] }
        }
        var result = plan
        let found = round(rest.elements, count: count, into: &result.grid)
        guard found.nonzero > 0 else { return nil }
        if stage != .searching { result.measureGrid() }
        var spent = 0.85 * LowRankQuantizer.estimate(count: count, nonzero: found.nonzero, sum: found.sum)
        let isClose = rest.energy - found.error < 1.3 * spent * price
        if stage == .deciding, isClose, count <= TensorAnalysis.countingLimit { spent = countedBits(of: result) }
        return (result, bits + spent + 6, found.error)
    }

    /// About what the tensor's values take and lose one by one, judged by runs of them at equal distances.
    var scalars: (bits: Double, error: Double) {
        let count = analysis.plain.count
        let run = max(1, min(count, Self.sampledValues / Self.sampledRows))
        let runs = min(Self.sampledRows, count / run)
        var nonzero = 0
        var sum = 0
        var error = 0.0
        var grid: [Int32] = []
        for index in 0..<runs {
            let found = round(
                analysis.plain.elements + index * (count - run) / max(1, runs - 1), count: run, into: &grid)
            nonzero += found.nonzero
            sum += found.sum
            error += found.error
        }
        let share = Double(count) / Double(run * runs)
        let estimate = LowRankQuantizer.estimate(count: run * runs, nonzero: nonzero, sum: sum)
        return (0.85 * estimate * share, error * share)
    }

    private static let sampledValues = 50_000

    /// A grid of which a trial only knows that it exists.
    private static let placeholder: [Int32] = [0]
    private static let sampledRows = 24

    private func round(
        _ values: UnsafePointer<Float>, count: Int, into grid: inout [Int32]
    ) -> (nonzero: Int, sum: Int, error: Double) {
        grid = [Int32](repeating: 0, count: count)
        var nonzero = 0
        var sum = 0
        var error = 0.0
        let inverse = 1 / step
        grid.withUnsafeMutableBufferPointer { grid in
            for index in 0..<count {
                let q = LowRankQuantizer.nearest(values[index] * inverse, Self.gridThreshold)
                grid[index] = q
                nonzero &+= q != 0 ? 1 : 0
                sum &+= Int(q < 0 ? 0 &- q : q)
                let lost = values[index] - Float(q) * step
                error += Double(lost * lost)
            }
        }
        return (nonzero, sum, error)
    }

    /// What a grid would gain, cost and leave, judged by rows at equal distances.
    private func sampled(_ plan: TensorPlan) -> (gain: Double, bits: Double, error: Double) {
        let rows = analysis.plain.rows
        let columns = analysis.plain.columns
        let picked = min(Self.sampledRows, rows)
        let rest = DenseMatrix(rows: picked, columns: columns)
        for index in 0..<picked {
            (rest.elements + index * columns).update(
                from: analysis.plain.elements + (index * rows / picked) * columns, count: columns)
        }
        if plan.factors.rank > 0 {
            let left = DenseMatrix(rows: picked, columns: plan.factors.rank)
            for index in 0..<picked {
                for component in 0..<plan.factors.rank {
                    left[index, component] =
                        -step * Float(plan.factors.left[component * rows + index * rows / picked])
                }
            }
            rest.product(left, plan.factors.rightFactor(), keep: 1)
        }
        var grid: [Int32] = []
        let before = rest.energy
        let found = round(rest.elements, count: rest.count, into: &grid)
        let share = Double(rows) / Double(picked)
        let bits = 0.85 * LowRankQuantizer.estimate(count: rest.count, nonzero: found.nonzero, sum: found.sum) + 6
        return ((before - found.error) * share, bits * share, found.error * share)
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
