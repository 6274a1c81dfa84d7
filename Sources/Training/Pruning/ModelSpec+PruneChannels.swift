import Tensors

extension ModelSpec {
    /// The same model with fewer channels and neurons: those that matter least go, together with everything that reads
    /// them. Input and classes stay.
    ///
    /// Fine-tune the result, or distil the original into it, before it is used.
    ///
    /// - Parameter parameters: the flat vector of this model.
    /// - Throws: as `layout()`; `.parameterCountMismatch`, `.nonFiniteParameter`; `.invalidCompaction` for a target that is
    ///   not above 0 and at most 1, or that even one channel a layer exceeds.
    public func pruningChannels(_ parameters: [Float], _ pruning: ChannelPruning) throws(TrainingError) -> CompactModel
    {
        let layers = try resolved()
        let layout = try Self.layout(of: layers)
        try parameters.checkCount(of: layout)
        if let entry = layout.entries.first(where: { !parameters[$0.range].allSatisfy(\.isFinite) }) {
            throw .nonFiniteParameter(name: entry.name)
        }
        let graph = ChannelGraph(layers, inputShape: inputShape)
        let scores = try ChannelScores(layers, graph, parameters, layout, pruning.importance)
        func compact(_ share: Double) throws(TrainingError) -> CompactModel {
            var kept: [Int: [Int]] = [:]
            for group in graph.freeGroups {
                let count = pruning.keptCount(of: graph.sizes[group], share: share)
                kept[group] = Array(scores.order(of: group).prefix(count)).sorted()
            }
            let slicer = ChannelSlicer(graph: graph, kept: kept)
            return try slicer.slice(self, layers, parameters, layout)
        }
        switch pruning.target {
        case .channels(let share):
            try Self.check(share)
            return try compact(share)
        case .multiplyAccumulates(let share):
            try Self.check(share)
            let allowed = Double(try multiplyAccumulateCount()) * share
            return try Self.largest(allowed, compact)
        }
    }

    private static func check(_ share: Double) throws(TrainingError) {
        guard share > 0, share <= 1 else {
            throw .invalidCompaction("a share of \(share) is not above 0 and at most 1")
        }
    }

    /// The largest model of a hundred shares of channels that needs at most so many multiplications.
    private static func largest(
        _ allowed: Double, _ compact: (Double) throws(TrainingError) -> CompactModel
    ) throws(TrainingError) -> CompactModel {
        for percent in stride(from: 100, through: 0, by: -1) {
            let model = try compact(Double(percent) / 100)
            if Double(try model.spec.multiplyAccumulateCount()) <= allowed { return model }
        }
        throw .invalidCompaction("even with one channel a layer the model needs more than \(allowed) multiplications")
    }
}

extension [Float] {
    /// - Throws: `.parameterCountMismatch`.
    func checkCount(of layout: ParameterLayout) throws(TrainingError) {
        guard count == layout.count else { throw .parameterCountMismatch(expected: layout.count, actual: count) }
    }
}

/// How much each channel of each group matters.
private struct ChannelScores {
    private var scores: [Int: [Double]] = [:]

    init(
        _ layers: [ResolvedLayer], _ graph: ChannelGraph, _ parameters: [Float], _ layout: ParameterLayout,
        _ importance: ChannelPruning.Importance
    ) throws(TrainingError) {
        let entries = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0) })
        if case .taylor(let gradient) = importance { try gradient.checkCount(of: layout) }
        var norms: [Int: [Double]] = [:]
        for layer in layers.flatMap(\.flattened) {
            guard let channels = graph.writes[layer.path] else { continue }
            let group = graph.root(channels.group)
            if layer.spec == .batchNorm, channels.elements == 1, let entry = entries["\(layer.path)/scale"] {
                Self.add(parameters[entry.range].map { Double(abs($0)) }, to: &norms[group])
            }
            guard let tensor = layer.tensors.first, tensor.kind == .weight, let entry = entries[tensor.name] else {
                continue
            }
            Self.add(Self.rows(entry, size: graph.sizes[group], parameters, importance), to: &scores[group])
        }
        if importance == .batchNormScale { scores.merge(norms) { $1 } }
    }

    /// Channels of a group, the most important first; of equal ones the lower.
    func order(of group: Int) -> [Int] {
        guard let values = scores[group] else { return [] }
        return values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
    }

    private static func add(_ values: [Double], to scores: inout [Double]?) {
        let mean = values.reduce(0, +) / Double(values.count)
        let relative = mean > 0 ? values.map { $0 / mean } : values
        scores = scores.map { zip($0, relative).map(+) } ?? relative
    }

    /// One number per channel of a weight tensor. A GRU's three gates add up; an embedding's channels are its columns.
    private static func rows(
        _ entry: ParameterEntry, size: Int, _ parameters: [Float], _ importance: ChannelPruning.Importance
    ) -> [Double] {
        var values = [Double](repeating: 0, count: size)
        let columns = entry.columnCount
        let byColumn = entry.shape[0] % size != 0 || entry.name.hasSuffix("embedding/weight")
        for index in 0..<entry.count {
            let weight = Double(parameters[entry.offset + index])
            let channel = byColumn ? index % columns : (index / columns) % size
            switch importance {
            case .absoluteSum, .batchNormScale: values[channel] += abs(weight)
            case .euclidean: values[channel] += weight * weight
            case .taylor(let gradient): values[channel] += weight * Double(gradient[entry.offset + index])
            }
        }
        switch importance {
        case .absoluteSum, .batchNormScale: return values
        case .euclidean: return values.map { $0.squareRoot() }
        case .taylor: return values.map { abs($0) }
        }
    }
}

extension ResolvedLayer {
    /// The layer and those inside it, in layout order.
    var flattened: [ResolvedLayer] { [self] + body.flatMap(\.flattened) + shortcut.flatMap(\.flattened) }
}
