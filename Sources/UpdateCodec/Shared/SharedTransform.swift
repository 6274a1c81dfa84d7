import Quantization
import Tensors

/// The linear map from an update to the coefficients that are sent in one round, and back; the same on every side.
struct SharedTransform: Sendable {
    /// Consecutive coefficients on one scale.
    enum Block: Sendable {
        /// The values of a range themselves.
        case plain(Range<Int>)
        /// Rows × directions: a matrix in a basis of its input side, whose rows are the directions.
        case lowRank(ParameterEntry, basis: DenseBasis)
        /// Single positions.
        case positions([Int])
    }

    /// Orthonormal rows.
    struct DenseBasis: Sendable {
        let rank: Int
        let columns: Int
        let rows: [Float]
    }

    let count: Int
    let blocks: [Block]
    let rotation: HadamardRotation?

    /// - Parameters:
    ///   - origin: version 0 of the public model.
    ///   - current: the public model of the round, which is trained from.
    ///   - seed: of the round, known to everybody.
    init(layout: ParameterLayout, support: SharedCodecOptions.Support, origin: [Float], current: [Float], seed: Seed) {
        count = layout.count
        var rotation: HadamardRotation?
        switch support {
        case .lowRank(let rank, let explore):
            blocks = layout.entries.map { entry in
                guard Self.isReduced(entry, rank: rank) else { return .plain(entry.range) }
                let history = entry.range.map { Double(current[$0]) - Double(origin[$0]) }
                let rows = PublicBasis.rows(
                    history: history, rows: entry.rowCount, columns: entry.columnCount, rank: rank, explore: explore,
                    seed: seed.derived("basis", entry.offset))
                return .lowRank(
                    entry, basis: DenseBasis(rank: rank, columns: entry.columnCount, rows: rows.map { Float($0) }))
            }
        case .random(let keep):
            blocks = [Self.draw(layout.count, keep, important: 0, moved: [], seed)]
        case .importance(let keep):
            let moved = zip(current, origin).map { $0 - $1 }
            let isMoved = moved.contains { $0 != 0 }
            blocks = [Self.draw(layout.count, keep, important: 0.75, moved: isMoved ? moved : [], seed)]
        case .rotated(let keep):
            rotation = HadamardRotation(seed: seed.derived("rotation"))
            blocks = [Self.draw(layout.count, keep, important: 0, moved: [], seed)]
        }
        self.rotation = rotation
    }

    /// Coefficients of each block, without making the basis.
    static func blockCounts(layout: ParameterLayout, support: SharedCodecOptions.Support) -> [Int] {
        switch support {
        case .lowRank(let rank, _):
            layout.entries.map { isReduced($0, rank: rank) ? $0.rowCount * rank : $0.count }
        case .random(let keep), .importance(let keep), .rotated(let keep): [kept(layout.count, keep)]
        }
    }

    private static func isReduced(_ entry: ParameterEntry, rank: Int) -> Bool {
        entry.kind == .weight && entry.columnCount > rank
    }

    private static func kept(_ count: Int, _ keep: Double) -> Int {
        max(min(1, count), Int((Double(count) * keep).rounded(.up)))
    }

    private static func draw(
        _ count: Int, _ keep: Double, important: Double, moved: [Float], _ seed: Seed
    ) -> Block {
        let kept = kept(count, keep)
        return .positions(
            PublicSupport.positions(
                count: count, keep: kept, important: Int(Double(kept) * important), moved: moved,
                seed: seed.derived("support")))
    }

    /// The coefficients of an update, one array per block.
    func project(_ update: [Float]) -> [[Float]] {
        var update = update
        rotation?.apply(&update)
        return blocks.map { block in
            switch block {
            case .plain(let range): Array(update[range])
            case .positions(let positions): positions.map { update[$0] }
            case .lowRank(let entry, let basis):
                Self.multiply(
                    Array(update[entry.range]), rows: entry.rowCount, depth: basis.columns, basis.rows,
                    columns: basis.rank, rightTransposed: true)
            }
        }
    }

    /// The update that coefficients stand for: the transpose of `project`.
    func expand(_ coefficients: [[Float]]) -> [Float] {
        var update = [Float](repeating: 0, count: count)
        for (block, values) in zip(blocks, coefficients) {
            switch block {
            case .plain(let range): update.replaceSubrange(range, with: values)
            case .positions(let positions): for (position, value) in zip(positions, values) { update[position] = value }
            case .lowRank(let entry, let basis):
                update.replaceSubrange(
                    entry.range,
                    with: Self.multiply(
                        values, rows: entry.rowCount, depth: basis.rank, basis.rows, columns: basis.columns,
                        rightTransposed: false))
            }
        }
        rotation?.invert(&update)
        return update
    }

    private static func multiply(
        _ left: [Float], rows: Int, depth: Int, _ right: [Float], columns: Int, rightTransposed: Bool
    ) -> [Float] {
        var result = [Float](repeating: 0, count: rows * columns)
        BLAS.useOneThread()
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                result.withUnsafeMutableBufferPointer { result in
                    guard let a = left.baseAddress, let b = right.baseAddress, let c = result.baseAddress else {
                        return
                    }
                    BLAS.multiply(
                        rows: rows, columns: columns, depth: depth, BLAS.Operand(a, stride: depth),
                        BLAS.Operand(b, stride: rightTransposed ? depth : columns, transposed: rightTransposed),
                        keep: 0, into: c, resultStride: columns)
                }
            }
        }
        return result
    }
}
