/// Which channels of a model must be dropped together: those of every tensor between a layer that makes them and the layers
/// that read them, through batch norm, depthwise convolutions, pools, flattening and sums.
struct ChannelGraph {
    /// The channels of one tensor: a group of them, and how many elements behind each other one channel has once it is
    /// flattened.
    struct Channels: Hashable {
        var group: Int
        var elements: Int
    }

    /// Input and output of each layer by path.
    private(set) var reads: [String: Channels] = [:]
    private(set) var writes: [String: Channels] = [:]
    /// Channels of each group.
    private(set) var sizes: [Int] = []
    private var parents: [Int] = []
    private var fixed: Set<Int> = []

    init(_ layers: [ResolvedLayer], inputShape: [Int]) {
        let input = makeGroup(inputShape[0], isFixed: true)
        let output = walk(layers, Channels(group: input, elements: 1))
        fixed.insert(output.group)
    }

    /// The representative of a group.
    func root(_ group: Int) -> Int {
        var root = group
        while parents[root] != root { root = parents[root] }
        return root
    }

    /// Groups whose channels may be dropped, in order.
    var freeGroups: [Int] {
        let bound = Set(fixed.map(root))
        return sizes.indices.filter { parents[$0] == $0 && !bound.contains($0) }
    }

    private mutating func makeGroup(_ size: Int, isFixed: Bool = false) -> Int {
        sizes.append(size)
        parents.append(parents.count)
        if isFixed { fixed.insert(sizes.count - 1) }
        return sizes.count - 1
    }

    private mutating func walk(_ layers: [ResolvedLayer], _ start: Channels) -> Channels {
        var current = start
        for layer in layers {
            reads[layer.path] = current
            current = pass(layer, current)
            writes[layer.path] = current
        }
        return current
    }

    private mutating func pass(_ layer: ResolvedLayer, _ input: Channels) -> Channels {
        switch layer.spec {
        case .conv1d, .conv2d, .dense, .embedding, .gru:
            return Channels(group: makeGroup(layer.outputShape[0]), elements: 1)
        case .flatten:
            return Channels(
                group: input.group, elements: input.elements * layer.inputShape.dropFirst().reduce(1, *))
        case .residual:
            let body = walk(layer.body, input)
            let shortcut = walk(layer.shortcut, input)
            if body.elements == shortcut.elements {
                parents[root(body.group)] = root(shortcut.group)
            } else {
                // Channels of one side are parts of channels of the other: neither can go alone.
                fixed.formUnion([body.group, shortcut.group])
            }
            return shortcut
        default: return input
        }
    }
}
