import Tensors

/// Skips the deltas of whole layers; with error feedback they are sent later, when they have grown.
public struct LayerPruner: Pruner, Hashable {
    /// Which layers are skipped.
    public enum Rule: Hashable, Sendable {
        /// The layers of these names (`0.conv2d`).
        case named(Set<String>)
        /// All but the given share of the layers, above 0 and at most 1; those with the largest mean square stay.
        case leastActive(keeping: Double)
    }

    /// Which layers are skipped.
    public let rule: Rule

    /// Makes a pruner.
    ///
    /// - Throws: `CodecError.invalidParameter` for a share out of range.
    public init(_ rule: Rule) throws(CodecError) {
        if case .leastActive(let fraction) = rule { _ = try Fraction(fraction) }
        self.rule = rule
    }

    /// The positions to keep, see `Pruner.support`.
    public func support(
        of update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [Int32] {
        try layout.check(update)
        let skipped = try skippedLayers(of: update, layout: layout)
        return layout.entries.filter { !skipped.contains(Self.layer($0)) }.flatMap { $0.range.map { Int32($0) } }
    }

    private func skippedLayers(of update: [Float], layout: ParameterLayout) throws(CodecError) -> Set<String> {
        var layers: [String] = []
        for entry in layout.entries where !layers.contains(Self.layer(entry)) { layers.append(Self.layer(entry)) }
        switch rule {
        case .named(let names):
            if let unknown = names.subtracting(layers).min() { throw .invalidParameter("no layer is named \(unknown)") }
            return names
        case .leastActive(let share):
            let activity = layers.map { layer -> Double in
                let entries = layout.entries.filter { Self.layer($0) == layer }
                let energy = entries.reduce(0.0) { sum, entry in
                    update[entry.range].reduce(sum) { $0 + Double($1) * Double($1) }
                }
                return energy / Double(entries.reduce(0) { $0 + $1.count })
            }
            // Of equally active layers the first stays.
            let order = layers.indices.sorted { (-activity[$0], $0) < (-activity[$1], $1) }
            return Set(order.dropFirst(try Fraction(share).of(layers.count)).map { layers[$0] })
        }
    }

    private static func layer(_ entry: ParameterEntry) -> String {
        entry.name.lastIndex(of: "/").map { String(entry.name[..<$0]) } ?? entry.name
    }
}
