import Tensors

/// Keeps whole neurons or channels: the rows of each weight with the largest norms
/// (Li et al. 2017, section 3, arXiv:1608.08710, who rank filters by their norm).
///
/// A vector or statistic of the same layer (the same name up to the last `/`) with one element per row follows its
/// weight; all others are kept whole.
public struct RowPruner: Pruner, Hashable {
    private let fraction: Fraction

    /// Makes a pruner.
    ///
    /// - Parameter fraction: share of the rows of each weight to keep, above 0 and at most 1; at least one row stays.
    /// - Throws: `CodecError.invalidParameter`.
    public init(fraction: Double) throws(CodecError) { self.fraction = try Fraction(fraction) }

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try selection(of: update, layout: layout).positions
    }

    /// The rows to keep, as something that can shrink the update to smaller tensors.
    ///
    /// - Throws: `CodecError.countMismatch`, `.notFinite`.
    public func selection(of update: [Float], layout: ParameterLayout) throws(CodecError) -> RowSelection {
        try layout.check(update)
        var rowsOfLayer: [Substring: (count: Int, kept: [Int32])] = [:]
        for entry in layout.entries where entry.kind == .weight {
            let norms = (0..<entry.rowCount).map { row in
                let start = entry.offset + row * entry.columnCount
                // The root keeps the order and fits a float even where the squares do not.
                return Float(
                    min(
                        Double(Float.greatestFiniteMagnitude),
                        update[start..<(start + entry.columnCount)].reduce(0.0) { $0 + Double($1) * Double($1) }
                            .squareRoot()))
            }
            let kept = MagnitudeSelection.largest(fraction.of(entry.rowCount), of: norms)
            rowsOfLayer[Self.layer(entry)] = (entry.rowCount, kept)
            rowsOfLayer[entry.name[...]] = (entry.rowCount, kept)
        }
        let rows = layout.entries.map { entry -> [Int32] in
            let all = Self.rowCount(entry)
            if entry.kind == .weight { return rowsOfLayer[entry.name[...]]?.kept ?? [] }
            if let layer = rowsOfLayer[Self.layer(entry)], layer.count == all { return layer.kept }
            return (0..<Int32(all)).map { $0 }
        }
        return try RowSelection(layout: layout, rows: rows)
    }

    private static func layer(_ entry: ParameterEntry) -> Substring {
        entry.name.lastIndex(of: "/").map { entry.name[..<$0] } ?? entry.name[...]
    }

    private static func rowCount(_ entry: ParameterEntry) -> Int { entry.shape[0] }
}
