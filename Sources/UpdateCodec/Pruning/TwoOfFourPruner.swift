import Tensors

/// Keeps the two largest magnitudes of every four neighbours of a row, the pattern that sparse matrix units want
/// (Mishra et al. 2021, arXiv:2104.08378). Vectors and statistics are kept whole; a row's last elements that do not fill
/// a group of four keep two as well.
public struct TwoOfFourPruner: Pruner, Hashable {
    /// Makes the pruner.
    public init() {}

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try layout.check(update)
        var positions: [Int32] = []
        for entry in layout.entries {
            if entry.kind != .weight {
                positions.append(contentsOf: entry.range.map { Int32($0) })
                continue
            }
            for row in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let end = row + entry.columnCount
                for start in stride(from: row, to: end, by: 4) {
                    let group = Array(update[start..<min(start + 4, end)])
                    for index in MagnitudeSelection.largest(min(2, group.count), of: group) {
                        positions.append(Int32(start) + index)
                    }
                }
            }
        }
        return positions
    }
}
