import Quantization
import Tensors

/// The linear map from an update to the coefficients that are sent in one round, and back; the same on every side.
struct SharedTransform: Sendable {
    /// A part of the model; a matrix of low rank gives two runs of coefficients, everything else one.
    enum Block: Sendable {
        /// The values of a range themselves.
        case plain(Range<Int>)
        /// A matrix along the directions of its input side, and what is left of it along those of its output side.
        case lowRank(ParameterEntry, input: Directions, output: Directions)
        /// Single positions.
        case positions([Int])
    }

    /// Orthonormal rows, `count` × `length`.
    struct Directions: Sendable {
        let count: Int
        let length: Int
        let rows: [Float]

        init(_ rows: [Double], length: Int) {
            count = rows.count / length
            self.length = length
            self.rows = rows.map { Float($0) }
        }
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
        case .lowRank(let rank, let left, let explore):
            blocks = layout.entries.map { entry in
                guard Self.isReduced(entry, rank: rank, left: left) else { return .plain(entry.range) }
                let history = entry.range.map { Double(current[$0]) - Double(origin[$0]) }
                return Self.lowRank(
                    entry, history: history, rank: rank, left: left, explore: explore,
                    seed: seed.derived("basis", entry.offset))
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

    private static func lowRank(
        _ entry: ParameterEntry, history: [Double], rank: Int, left: Int, explore: Double, seed: Seed
    ) -> Block {
        let (rows, columns) = (entry.rowCount, entry.columnCount)
        let input = PublicBasis.rows(
            history: history, rows: rows, columns: columns, rank: rank, explore: explore, seed: seed.derived("input"))
        var turned = [Double](repeating: 0, count: history.count)
        for row in 0..<rows {
            for column in 0..<columns { turned[column * rows + row] = history[row * columns + column] }
        }
        let output = PublicBasis.rows(
            history: turned, rows: columns, columns: rows, rank: left, explore: explore, seed: seed.derived("output"))
        return .lowRank(entry, input: Directions(input, length: columns), output: Directions(output, length: rows))
    }

    /// Lengths of the runs of coefficients, without making a basis.
    static func runCounts(layout: ParameterLayout, support: SharedCodecOptions.Support) -> [Int] {
        switch support {
        case .lowRank(let rank, let left, _):
            layout.entries.flatMap { entry in
                isReduced(entry, rank: rank, left: left)
                    ? [entry.rowCount * rank, left * entry.columnCount].filter { $0 > 0 } : [entry.count]
            }
        case .random(let keep), .importance(let keep), .rotated(let keep): [kept(layout.count, keep)]
        }
    }

    /// The parameters that each run of coefficients is made from.
    static func runRanges(layout: ParameterLayout, support: SharedCodecOptions.Support) -> [Range<Int>] {
        guard case .lowRank(let rank, let left, _) = support else { return [0..<layout.count] }
        return layout.entries.flatMap { entry in
            let runs = isReduced(entry, rank: rank, left: left) && left > 0 ? 2 : 1
            return [Range<Int>](repeating: entry.range, count: runs)
        }
    }

    private static func isReduced(_ entry: ParameterEntry, rank: Int, left: Int) -> Bool {
        entry.kind == .weight && entry.columnCount > rank && entry.rowCount > left
            && entry.rowCount * rank + left * entry.columnCount < entry.count
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

    /// The coefficients of an update, one array per run.
    func project(_ update: [Float]) -> [[Float]] {
        var update = update
        rotation?.apply(&update)
        return blocks.flatMap { block -> [[Float]] in
            switch block {
            case .plain(let range): return [Array(update[range])]
            case .positions(let positions): return [positions.map { update[$0] }]
            case .lowRank(let entry, let input, let output):
                var rest = Array(update[entry.range])
                let along = Self.multiply(
                    rest, rows: entry.rowCount, depth: input.length, input.rows, columns: input.count,
                    rightTransposed: true)
                guard output.count > 0 else { return [along] }
                let taken = Self.multiply(
                    along, rows: entry.rowCount, depth: input.count, input.rows, columns: input.length)
                for index in rest.indices { rest[index] -= taken[index] }
                return [
                    along,
                    Self.multiply(
                        output.rows, rows: output.count, depth: output.length, rest, columns: entry.columnCount),
                ]
            }
        }
    }

    /// The update that coefficients stand for: the transpose of `project`.
    func expand(_ runs: [[Float]]) -> [Float] {
        var update = [Float](repeating: 0, count: count)
        var runs = runs[...]
        for block in blocks {
            switch block {
            case .plain(let range): update.replaceSubrange(range, with: runs.removeFirst())
            case .positions(let positions):
                for (position, value) in zip(positions, runs.removeFirst()) { update[position] = value }
            case .lowRank(let entry, let input, let output):
                var matrix = Self.multiply(
                    runs.removeFirst(), rows: entry.rowCount, depth: input.count, input.rows, columns: input.length)
                if output.count > 0 {
                    let rest = Self.multiply(
                        output.rows, leftTransposed: true, rows: entry.rowCount, depth: output.count,
                        runs.removeFirst(), columns: entry.columnCount)
                    for index in matrix.indices { matrix[index] += rest[index] }
                }
                update.replaceSubrange(entry.range, with: matrix)
            }
        }
        rotation?.invert(&update)
        return update
    }

    private static func multiply(
        _ left: [Float], leftTransposed: Bool = false, rows: Int, depth: Int, _ right: [Float], columns: Int,
        rightTransposed: Bool = false
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
                        rows: rows, columns: columns, depth: depth,
                        BLAS.Operand(a, stride: leftTransposed ? rows : depth, transposed: leftTransposed),
                        BLAS.Operand(b, stride: rightTransposed ? depth : columns, transposed: rightTransposed),
                        keep: 0, into: c, resultStride: columns)
                }
            }
        }
        return result
    }
}
