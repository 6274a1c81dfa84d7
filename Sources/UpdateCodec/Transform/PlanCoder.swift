import Tensors

/// Contexts of side information.
enum Side {
    static let usesFactors = 0
    static let isTurned = 1
    static let rank = 2
    static let firstScale = 3
    static let scaleDrop = 4
    static let usesGrid = 5
    static let vectorUsesGrid = 6
    static let gridLevel = 7
    static let gain = 8
    static let isBulk = 9
}

/// Codes the plans of all tensors through one entropy coder: the same code writes, reads and counts.
struct PlanCoder<Coder: BinaryCoder, Bulk: BulkCoder>: ~Copyable {
    let model = CoefficientModel()
    let known: KnownActivity?
    private let hasGains: Bool

    init(hasGains: Bool, known: KnownActivity?) {
        self.hasGains = hasGains
        self.known = known
    }

    /// Codes one plan in place; a decoder passes an empty one.
    ///
    /// - Returns: false when a decoder reads what no encoder writes.
    func code(
        _ plan: inout TensorPlan, geometry: TensorGeometry, with coder: inout Coder, _ bulk: inout Bulk
    ) -> Bool {
        if geometry.allowsFactors {
            let used = model.codeSide(plan.factors.rank > 0 ? 1 : 0, limit: 1, context: Side.usesFactors, with: &coder)
            if used != 0, !codeFactors(&plan, geometry: geometry, with: &coder, &bulk) { return false }
        }
        let isVector = geometry.entry.kind != .weight
        let usesGrid = model.codeSide(
            plan.grid.isEmpty ? 0 : 1, limit: 1, context: isVector ? Side.vectorUsesGrid : Side.usesGrid, with: &coder)
        if usesGrid != 0 {
            plan.gridLevel = model.codeSide(
                plan.gridLevel, limit: TensorPlan.largestGridLevel, context: Side.gridLevel, with: &coder)
            if plan.grid.isEmpty { plan.grid = [Int32](repeating: 0, count: geometry.entry.count) }
            var grid = GridCoder(
                rows: geometry.rows, columns: geometry.columns, period: geometry.period, family: isVector ? 3 : 2)
            let level = (plan.gridLevel - 48) << 6
            plan.grid.withUnsafeMutableBufferPointer { grid.code($0, startLevel: level, model: model, with: &coder) }
        }
        if hasGains, usesGrid != 0 || plan.factors.rank > 0 {
            plan.gain = model.codeSide(plan.gain, limit: TensorPlan.largestGain, context: Side.gain, with: &coder)
        }
        return true
    }

    private func codeFactors(
        _ plan: inout TensorPlan, geometry: TensorGeometry, with coder: inout Coder, _ bulk: inout Bulk
    ) -> Bool {
        if geometry.allowsTurning {
            let turned = model.codeSide(plan.view.rawValue, limit: 1, context: Side.isTurned, with: &coder)
            plan.view = turned != 0 ? .turned : .plain
        }
        let view = plan.view
        let rows = geometry.rows(in: view)
        let columns = geometry.columns(in: view)
        let rank =
            1
            + model.codeSide(
                plan.factors.rank - 1, limit: geometry.rankLimit(in: view) - 1, context: Side.rank, with: &coder)
        if plan.factors.rank == 0 { plan.factors = LowRankCode(rows: rows, columns: columns, rank: rank) }
        if geometry.allowsBulk,
            model.codeSide(plan.bulk == nil ? 0 : 1, limit: 1, context: Side.isBulk, with: &coder) != 0
        {
            return codeBulk(&plan, geometry: geometry, with: &coder, &bulk)
        }
        return codeValues(&plan, geometry: geometry, with: &coder)
    }

    private func codeValues(_ plan: inout TensorPlan, geometry: TensorGeometry, with coder: inout Coder) -> Bool {
        let view = plan.view
        let rows = geometry.rows(in: view)
        let columns = geometry.columns(in: view)
        let isKernel = geometry.area > 0
        var lefts = FactorCoder(
            length: rows, period: geometry.rowPeriod(in: view), family: isKernel && view == .turned ? 0 : 1)
        var rights = FactorCoder(
            length: columns, period: geometry.columnPeriod(in: view),
            family: view == .plain && geometry.period > 0 ? 0 : 1)
        if let known {
            lefts.expect(known.sums(of: geometry, view: view, alongRows: true))
            rights.expect(known.sums(of: geometry, view: view, alongRows: false))
        }
        for component in 0..<plan.factors.rank {
            guard codeScale(of: component, in: &plan.factors, with: &coder) else { return false }
            let scale = plan.factors.scales[component]
            plan.factors.right.withUnsafeMutableBufferPointer {
                let column = UnsafeMutableBufferPointer(
                    rebasing: $0[(component * columns)..<((component + 1) * columns)])
                rights.code(column, logEnergy: scale * 128, model: model, with: &coder)
            }
            plan.factors.left.withUnsafeMutableBufferPointer {
                let column = UnsafeMutableBufferPointer(rebasing: $0[(component * rows)..<((component + 1) * rows)])
                lefts.code(column, logEnergy: scale * 128, model: model, with: &coder)
            }
        }
        return true
    }

    /// Codes a component's scale: the first as it is, others as a drop.
    func codeScale(of component: Int, in factors: inout LowRankCode, with coder: inout Coder) -> Bool {
        let held = factors.scales[component]
        if component == 0 {
            factors.scales[0] = model.codeSide(
                held, limit: LowRankCode.largestScale, context: Side.firstScale, with: &coder)
            return true
        }
        let before = factors.scales[component - 1]
        let drop = model.codeSide(
            before - held, limit: LowRankCode.largestScale, context: Side.scaleDrop, with: &coder)
        guard drop <= before else { return false }
        factors.scales[component] = before - drop
        return true
    }
}
