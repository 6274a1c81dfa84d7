import Tensors

/// Which parameters of a model stay; the others are 0 and are held at 0 while the model is fine-tuned.
public struct PruningMask: Hashable, Sendable {
    /// Where a share is met.
    public enum Scope: Hashable, Sendable {
        /// In each weight tensor.
        case tensor
        /// In all weight tensors together: layers that matter less lose more.
        case model
    }

    /// One per parameter, in layout order.
    public let isKept: [Bool]

    /// Takes over a mask.
    public init(isKept: [Bool]) { self.isKept = isKept }

    /// Parameters that stay.
    public var keptCount: Int { isKept.count { $0 } }

    /// Drops the weights of smallest magnitude (Han et al. 2015, arXiv:1506.02626). Of equal ones the earlier stays.
    /// Vectors and statistics stay.
    ///
    /// - Parameter sparsity: share of the weights to drop, 0 to 1.
    /// - Throws: `.parameterCountMismatch`; `.invalidCompaction` for another share.
    public static func magnitude(
        _ parameters: [Float], layout: ParameterLayout, sparsity: Double, scope: Scope = .tensor
    ) throws(TrainingError) -> PruningMask {
        try check(parameters, layout)
        guard (0...1).contains(sparsity) else { throw .invalidCompaction("sparsity \(sparsity) is not in 0 to 1") }
        var kept = [Bool](repeating: true, count: layout.count)
        let weights = layout.entries.filter { $0.kind == .weight }.map(\.range)
        for group in scope == .tensor ? weights.map({ [$0] }) : [weights] {
            let positions = group.joined().sorted { left, right in
                let (a, b) = (abs(parameters[left]), abs(parameters[right]))
                return a == b ? left > right : a < b
            }
            for position in positions.prefix(Int((Double(positions.count) * sparsity).rounded())) {
                kept[position] = false
            }
        }
        return PruningMask(isKept: kept)
    }

    /// Keeps the two largest of every four weights that lie one behind the other in the layout's order of an output
    /// channel (Mishra et al. 2021, arXiv:2104.08378). Of an incomplete group at the end at most two stay.
    ///
    /// - Throws: `.parameterCountMismatch`.
    public static func twoOfFour(
        _ parameters: [Float], layout: ParameterLayout
    ) throws(TrainingError) -> PruningMask {
        try check(parameters, layout)
        var kept = [Bool](repeating: true, count: layout.count)
        for entry in layout.entries where entry.kind == .weight {
            for row in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                for first in stride(from: row, to: row + entry.columnCount, by: 4) {
                    let group = (first..<min(first + 4, row + entry.columnCount)).sorted { left, right in
                        let (a, b) = (abs(parameters[left]), abs(parameters[right]))
                        return a == b ? left < right : a > b
                    }
                    for position in group.dropFirst(2) { kept[position] = false }
                }
            }
        }
        return PruningMask(isKept: kept)
    }

    /// Sets what is dropped to 0; `parameters` has as many elements as the mask.
    public func apply(to parameters: inout [Float]) {
        precondition(parameters.count == isKept.count, "the mask belongs to another model")
        for index in parameters.indices where !isKept[index] { parameters[index] = 0 }
    }

    private static func check(_ parameters: [Float], _ layout: ParameterLayout) throws(TrainingError) {
        guard parameters.count == layout.count else {
            throw .parameterCountMismatch(expected: layout.count, actual: parameters.count)
        }
    }
}
