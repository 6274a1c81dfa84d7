import Tensors

/// Layers that are one: their tensors of the same role share all numbers (as input and output embeddings do in
/// Press, Wolf 2017, arXiv:1608.05859).
public struct TiedLayers: WeightSharing, Hashable {
    /// Names of the layers that are tied together, two or more in each group.
    public let groups: [[String]]

    /// Makes a rule.
    ///
    /// - Throws: `CodecError.invalidParameter` for a group of less than two or a layer named twice.
    public init(groups: [[String]]) throws(CodecError) {
        if let group = groups.first(where: { $0.count < 2 }) {
            throw .invalidParameter("layers are tied in groups of two or more, not \(group)")
        }
        let names = groups.flatMap { $0 }
        guard Set(names).count == names.count else { throw .invalidParameter("a layer is tied twice") }
        self.groups = groups
    }

    /// All elements but those of tied layers after the first of their group.
    public func sharedCount(in layout: ParameterLayout) throws(CodecError) -> Int {
        let owners = try owners(in: layout)
        return layout.entries.indices.reduce(0) { $0 + (owners[$1] == $1 ? layout.entries[$1].count : 0) }
    }

    /// The mean over the tied tensors.
    public func gather(_ update: [Float], layout: ParameterLayout) throws(CodecError) -> [Float] {
        try check(update.count, is: layout.count)
        let owners = try owners(in: layout)
        var output: [Float] = []
        for index in layout.entries.indices where owners[index] == index {
            let tied = layout.entries.indices.filter { owners[$0] == index }.map { layout.entries[$0].offset }
            for element in 0..<layout.entries[index].count {
                let sum = tied.reduce(0.0) { $0 + Double(update[$1 + element]) }
                output.append(Float(sum / Double(tied.count)))
            }
        }
        return output
    }

    /// Each tensor from the one that owns its numbers.
    public func scatter(_ shared: [Float], layout: ParameterLayout) throws(CodecError) -> [Float] {
        try check(shared.count, is: try sharedCount(in: layout))
        let owners = try owners(in: layout)
        var starts: [Int: Int] = [:]
        var next = 0
        var output: [Float] = []
        output.reserveCapacity(layout.count)
        for (index, entry) in layout.entries.enumerated() {
            if owners[index] == index {
                starts[index] = next
                next += entry.count
            }
            let start = starts[owners[index]] ?? 0
            output.append(contentsOf: shared[start..<(start + entry.count)])
        }
        return output
    }

    /// For each tensor the first one whose numbers it shares: itself where it is not tied.
    private func owners(in layout: ParameterLayout) throws(CodecError) -> [Int] {
        var owners = Array(layout.entries.indices)
        for group in groups {
            let members = group.map { layer in
                layout.entries.indices.filter { layout.entries[$0].name.hasPrefix(layer + "/") }
            }
            let first = members[0]
            for (layer, tensors) in zip(group, members) {
                let fit =
                    !tensors.isEmpty && tensors.count == first.count
                    && zip(tensors, first).allSatisfy { layout.entries[$0].shape == layout.entries[$1].shape }
                guard fit else { throw .invalidParameter("\(layer) does not have the tensors of \(group[0])") }
            }
            // The first in the layout owns, whatever the order of the group.
            for position in first.indices {
                let lowest = members.reduce(Int.max) { min($0, $1[position]) }
                for tensors in members { owners[tensors[position]] = lowest }
            }
        }
        return owners
    }
}
