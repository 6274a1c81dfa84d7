import Tensors

/// Some rows (indices of the outermost dimension) of every tensor, and the smaller model that they make.
public struct RowSelection: Hashable, Sendable {
    /// The whole model.
    public let layout: ParameterLayout
    /// The kept rows of each tensor, ascending, at least one.
    public let rows: [[Int32]]
    /// The same tensors with only the kept rows.
    public let shrunkLayout: ParameterLayout

    /// Checks a selection.
    ///
    /// - Throws: `CodecError.invalidParameter` when the rows of a tensor are none, out of order or out of range.
    public init(layout: ParameterLayout, rows: [[Int32]]) throws(CodecError) {
        guard rows.count == layout.entries.count else {
            throw .countMismatch(expected: layout.entries.count, actual: rows.count)
        }
        for (entry, kept) in zip(layout.entries, rows) {
            let isAscending = zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 }
            guard let first = kept.first, let last = kept.last, first >= 0, last < entry.shape[0], isAscending else {
                throw .invalidParameter("rows of \(entry.name) must be ascending and below \(entry.shape[0])")
            }
        }
        self.layout = layout
        self.rows = rows
        let tensors = zip(layout.entries, rows).map { entry, kept in
            (name: entry.name, shape: [kept.count] + entry.shape.dropFirst(), kind: entry.kind)
        }
        do { shrunkLayout = try ParameterLayout(tensors) } catch {
            throw .invalidParameter("the rows do not make a layout: \(error)")
        }
    }

    /// Positions of all kept elements in the whole model, ascending.
    public var positions: [Int32] {
        var positions: [Int32] = []
        positions.reserveCapacity(shrunkLayout.count)
        forEachRow { whole, _ in positions.append(contentsOf: whole.map { Int32($0) }) }
        return positions
    }

    /// The kept rows, laid out as `shrunkLayout` says.
    ///
    /// - Throws: `CodecError.countMismatch`.
    public func shrink(_ update: [Float]) throws(CodecError) -> [Float] {
        guard update.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: update.count)
        }
        var output: [Float] = []
        output.reserveCapacity(shrunkLayout.count)
        forEachRow { whole, _ in output.append(contentsOf: update[whole]) }
        return output
    }

    /// The whole update, zero where a row was dropped.
    ///
    /// - Throws: `CodecError.countMismatch`.
    public func expand(_ shrunk: [Float]) throws(CodecError) -> [Float] {
        guard shrunk.count == shrunkLayout.count else {
            throw .countMismatch(expected: shrunkLayout.count, actual: shrunk.count)
        }
        var output = [Float](repeating: 0, count: layout.count)
        forEachRow { whole, start in
            for index in whole { output[index] = shrunk[start + index - whole.lowerBound] }
        }
        return output
    }

    /// Calls `body` with the range of each kept row in the whole model and its start in the shrunken one.
    private func forEachRow(_ body: (Range<Int>, Int) -> Void) {
        var start = 0
        for (entry, kept) in zip(layout.entries, rows) {
            let columns = entry.count / entry.shape[0]
            for row in kept {
                let first = entry.offset + Int(row) * columns
                body(first..<(first + columns), start)
                start += columns
            }
        }
    }
}
