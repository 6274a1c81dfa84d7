/// Contexts of side information about values in bulk.
private enum BulkSide {
    static let mean = 10
    static let firstClass = 11
    static let classCount = 12
    static let zeroMove = 13
    static let tailMove = 14
    static let signMove = 15
}

extension PlanCoder {
    /// Codes scales, distributions and column means as side numbers and the product's values in bulk.
    func codeBulk(
        _ plan: inout TensorPlan, geometry: TensorGeometry, with coder: inout Coder, _ bulk: inout Bulk
    ) -> Bool {
        for component in 0..<plan.factors.rank {
            guard codeScale(of: component, in: &plan.factors, with: &coder) else { return false }
        }
        var shape = plan.bulk ?? BulkShape()
        guard codeShape(&shape, with: &coder) else { return false }
        plan.bulk = shape
        var isSound = true
        let (scales, view) = (plan.factors.scales, plan.view)
        bulk.code(
            &plan.factors, shape: shape,
            walk: { BulkFactors(geometry: geometry, view: view, known: known) },
            meanCode: { place, length in
                let level = FactorCoder.expectedLevel(logEnergy: scales[place / 2] * 128, length: length)
                // 0 stands for a column of zeros.
                let guess = max(1, min(BulkFactors.largestMeanCode, (level + 2112 + 32) >> 6))
                let held = place < shape.meanCodes.count ? shape.meanCodes[place] : 0
                let move = codeMove(held == 0 ? nil : held - guess, context: BulkSide.mean, with: &coder)
                guard let move else { return 0 }
                if !(1...BulkFactors.largestMeanCode).contains(guess + move) { isSound = false }
                return max(1, min(BulkFactors.largestMeanCode, guess + move))
            })
        return isSound
    }

    private func codeShape(_ shape: inout BulkShape, with coder: inout Coder) -> Bool {
        let limit = BulkShape.classCount - 1
        let first = model.codeSide(shape.classes.lowerBound, limit: limit, context: BulkSide.firstClass, with: &coder)
        let further = model.codeSide(
            shape.classes.count - 1, limit: limit - first, context: BulkSide.classCount, with: &coder)
        shape.classes = first...(first + further)
        guard codeMoves(&shape.zeroCodes, count: further + 1, context: BulkSide.zeroMove, with: &coder) else {
            return false
        }
        guard codeMoves(&shape.tailCodes, count: further + 1, context: BulkSide.tailMove, with: &coder) else {
            return false
        }
        return codeMoves(&shape.signCodes, count: shape.signCodes.count, context: BulkSide.signMove, with: &coder)
    }

    /// Codes the numbers of a shape, each as a move from the one before.
    private func codeMoves(_ codes: inout [Int], count: Int, context: Int, with coder: inout Coder) -> Bool {
        var result: [Int] = []
        var last = 32
        for index in 0..<count {
            let held = index < codes.count ? codes[index] : last
            last += codeMove(held - last, context: context, with: &coder) ?? 0
            guard (0...BulkShape.largestCode).contains(last) else { return false }
            result.append(last)
        }
        codes = result
        return true
    }

    /// Codes a signed number, or nil, small magnitudes first.
    private func codeMove(_ move: Int?, context: Int, with coder: inout Coder) -> Int? {
        let folded = move.map { $0 > 0 ? 2 * $0 : 1 - 2 * $0 } ?? 0
        let read = model.codeSide(folded, limit: 255, context: context, with: &coder)
        if read == 0 { return nil }
        return read & 1 == 0 ? read / 2 : (1 - read) / 2
    }
}

extension TensorPlan {
    /// Settles whether the product is coded in bulk: where it has so many values that speed counts.
    mutating func chooseBulk(geometry: TensorGeometry, known: KnownActivity?) {
        let count = factors.left.count + factors.right.count
        guard geometry.allowsBulk, count >= Self.bulkCount else { return }
        var census = BulkCensus()
        var means: [Int] = []
        var columns: [BulkColumn] = []
        columns.reserveCapacity(2 * factors.rank)
        var coder = BulkFactors(geometry: geometry, view: view, known: known)
        coder.walk(
            &factors,
            meanCode: { _, length, column in
                means.append(BulkFactors.meanCode(of: column, count: length))
                return means[means.count - 1]
            },
            body: { values, classes, line in
                let refinement = line.period > 0 ? Self.refinements.two : Self.refinements.one
                let contexts = line.contexts(values, classes: classes, refinement: refinement)
                census.add(values, contexts: contexts, side: line.side)
                columns.append(
                    BulkColumn(
                        line: line, values: Array(UnsafeBufferPointer(start: values, count: line.count)),
                        contexts: contexts))
            })
        bulk = census.shape()
        bulk?.meanCodes = means
        // All classes that occur are among the shape's, so that its bounds leave the contexts as they are.
        bulk?.columns = columns
    }

    private static let bulkCount = 1 << 14
    private static let refinements = {
        let all = BulkShape(classes: 0...(BulkShape.classCount - 1))
        return (one: all.refinement(neighbours: 1), two: all.refinement(neighbours: 2))
    }()
}
