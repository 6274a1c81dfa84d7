import Tensors

/// Shape arithmetic: checks each layer against its input and names its tensors.
enum LayerResolution {
    static let maximumDepth = 8

    static func resolve(
        _ layers: [LayerSpec], input: [Int], prefix: String, remaining: inout Int, depth: Int = 0
    ) throws(TrainingError) -> [ResolvedLayer] {
        var shape = input
        var resolved: [ResolvedLayer] = []
        for (index, spec) in layers.enumerated() {
            let path = "\(prefix)\(index).\(spec.name)"
            remaining -= 1
            guard remaining >= 0 else {
                throw .invalidModel("has more than \(ModelSpec.maximumLayerCount) layers")
            }
            let layer = try resolve(spec, path: path, input: shape, remaining: &remaining, depth: depth)
            let count = layer.outputShape.reduce(1.0) { $0 * Double($1) }
            guard count <= Double(ModelSpec.maximumActivationCount) else {
                throw .invalidLayer(
                    path: path, input: shape,
                    reason: "output \(layer.outputShape) has more than \(ModelSpec.maximumActivationCount) elements")
            }
            resolved.append(layer)
            shape = layer.outputShape
        }
        return resolved
    }

    private static func resolve(
        _ spec: LayerSpec, path: String, input: [Int], remaining: inout Int, depth: Int
    ) throws(TrainingError) -> ResolvedLayer {
        if case .residual(let body, let shortcut) = spec {
            return try residual(
                spec, body: body, shortcut: shortcut, path: path, input: input, remaining: &remaining, depth: depth)
        }
        let check = LayerCheck(path: path, input: input)
        let (output, tensors) = try outputAndTensors(spec, check)
        return ResolvedLayer(
            spec: spec, path: path, inputShape: input, outputShape: output, tensors: tensors, body: [], shortcut: [])
    }

    private static func residual(
        _ spec: LayerSpec, body: [LayerSpec], shortcut: [LayerSpec], path: String, input: [Int], remaining: inout Int,
        depth: Int
    ) throws(TrainingError) -> ResolvedLayer {
        guard depth < maximumDepth else {
            throw .invalidLayer(path: path, input: input, reason: "residuals nest deeper than \(maximumDepth)")
        }
        guard !body.isEmpty else { throw .invalidLayer(path: path, input: input, reason: "the body is empty") }
        let inner = try resolve(
            body, input: input, prefix: "\(path).body.", remaining: &remaining, depth: depth + 1)
        let outer = try resolve(
            shortcut, input: input, prefix: "\(path).shortcut.", remaining: &remaining, depth: depth + 1)
        let output = inner.last?.outputShape ?? input
        let other = outer.last?.outputShape ?? input
        guard output == other else {
            throw .invalidLayer(
                path: path, input: input, reason: "the body yields \(output), the shortcut \(other); they are added")
        }
        return ResolvedLayer(
            spec: spec, path: path, inputShape: input, outputShape: output, tensors: [], body: inner, shortcut: outer)
    }

    private static func outputAndTensors(
        _ spec: LayerSpec, _ check: LayerCheck
    ) throws(TrainingError) -> ([Int], [ResolvedTensor]) {
        switch spec {
        case .conv1d(let out, let window, let bias), .conv2d(let out, let window, let bias):
            let rank = spec.name == "conv1d" ? 2 : 3
            return try convolution(out: out, window: window, bias: bias, rank: rank, check)
        case .depthwiseConv2d(let window, let bias):
            let shape = try check.spatial(rank: 3)
            let output = [shape[0]] + (try check.slide(window, over: Array(shape.dropFirst())))
            return (
                output,
                try weight([shape[0], 1, window.kernel, window.kernel], bias: bias, check)
            )
        case .dense(let out, let bias):
            let shape = try check.spatial(rank: 1)
            let size = try check.size(out, "out")
            return ([size], try weight([size, shape[0]], bias: bias, check))
        case .relu, .relu6: return (check.input, [])
        case .maxpool1d(let window), .avgpool1d(let window): return (try pooled(window, rank: 2, check), [])
        case .maxpool2d(let window), .avgpool2d(let window): return (try pooled(window, rank: 3, check), [])
        case .globalAveragePool:
            guard check.input.count > 1 else { throw check.failure("expects [C, T] or [C, H, W]") }
            return ([check.input[0]], [])
        case .flatten: return ([check.input.reduce(1, *)], [])
        case .batchNorm: return (check.input, batchNorm(check))
        case .embedding(let vocabulary, let dimension):
            guard check.path == "0.embedding" else { throw check.failure("must be the first layer of the model") }
            let shape = try check.spatial(rank: 1)
            // Ids travel as Float, which is exact up to 2^24.
            let rows = try check.size(vocabulary, "vocabulary")
            let columns = try check.size(dimension, "dimension")
            return ([columns, shape[0]], [check.tensor("weight", [rows, columns], .weight, .unitUniform)])
        case .gru(let units, let everyStep): return try gru(units: units, everyStep: everyStep, check)
        case .residual: return (check.input, [])
        }
    }

    private static func convolution(
        out: Int, window: Window, bias: Bool, rank: Int, _ check: LayerCheck
    ) throws(TrainingError) -> ([Int], [ResolvedTensor]) {
        let shape = try check.spatial(rank: rank)
        let size = try check.size(out, "out")
        let output = [size] + (try check.slide(window, over: Array(shape.dropFirst())))
        let kernel = [Int](repeating: window.kernel, count: rank - 1)
        return (output, try weight([size, shape[0]] + kernel, bias: bias, check))
    }

    private static func weight(
        _ shape: [Int], bias: Bool, _ check: LayerCheck
    ) throws(TrainingError) -> [ResolvedTensor] {
        guard shape.reduce(1.0, { $0 * Double($1) }) <= Double(ParameterLayout.maximumCount) else {
            throw check.failure("weight \(shape) has more than \(ParameterLayout.maximumCount) elements")
        }
        let fanIn = shape.dropFirst().reduce(1, *)
        let weight = check.tensor("weight", shape, .weight, .uniform(fanIn: fanIn))
        return bias ? [weight, check.tensor("bias", [shape[0]], .vector, .uniform(fanIn: fanIn))] : [weight]
    }

    private static func pooled(_ window: Window, rank: Int, _ check: LayerCheck) throws(TrainingError) -> [Int] {
        guard window.padding == .zeros(0) else { throw check.failure("pooling takes no padding") }
        let shape = try check.spatial(rank: rank)
        return [shape[0]] + (try check.slide(window, over: Array(shape.dropFirst())))
    }

    private static func batchNorm(_ check: LayerCheck) -> [ResolvedTensor] {
        let channels = [check.input[0]]
        return [
            check.tensor("scale", channels, .vector, .constant(1)),
            check.tensor("shift", channels, .vector, .constant(0)),
            check.tensor("mean", channels, .statistic, .constant(0)),
            check.tensor("variance", channels, .statistic, .constant(1)),
        ]
    }

    private static func gru(
        units: Int, everyStep: Bool, _ check: LayerCheck
    ) throws(TrainingError) -> ([Int], [ResolvedTensor]) {
        let shape = try check.spatial(rank: 2)
        let size = try check.size(units, "units")
        let initial = InitialValue.uniform(fanIn: size)
        return (
            everyStep ? [size, shape[1]] : [size],
            [
                check.tensor("input_weight", [3 * size, shape[0]], .weight, initial),
                check.tensor("state_weight", [3 * size, size], .weight, initial),
                check.tensor("input_bias", [3 * size], .vector, initial),
                check.tensor("state_bias", [3 * size], .vector, initial),
            ]
        )
    }
}

/// One layer's place and input, for checks that name both.
struct LayerCheck {
    static let maximumSize = 1 << 16

    let path: String
    let input: [Int]

    func failure(_ reason: String) -> TrainingError { .invalidLayer(path: path, input: input, reason: reason) }

    func spatial(rank: Int) throws(TrainingError) -> [Int] {
        guard input.count == rank else {
            let form = rank == 1 ? "[N]; a flatten layer makes one" : rank == 2 ? "[C, T]" : "[C, H, W]"
            throw failure("expects an input of the form \(form)")
        }
        return input
    }

    func size(_ value: Int, _ name: String) throws(TrainingError) -> Int {
        guard (1...Self.maximumSize).contains(value) else {
            throw failure("\(name) is \(value); allowed are 1 to \(Self.maximumSize)")
        }
        return value
    }

    func slide(_ window: Window, over lengths: [Int]) throws(TrainingError) -> [Int] {
        guard (1...4096).contains(window.kernel) else { throw failure("window \(window.kernel) is not in 1 to 4096") }
        guard (1...4096).contains(window.stride) else { throw failure("stride \(window.stride) is not in 1 to 4096") }
        if case .zeros(let count) = window.padding, !(0..<max(window.kernel, 1)).contains(count) {
            throw failure("padding \(count) is not in 0 to \(window.kernel - 1)")
        }
        var output: [Int] = []
        for length in lengths {
            let slide = window.slide(over: length)
            guard slide.outputLength > 0 else {
                throw failure("a window of \(window.kernel) does not fit into a length of \(length)")
            }
            output.append(slide.outputLength)
        }
        return output
    }

    func tensor(_ name: String, _ shape: [Int], _ kind: ParameterKind, _ initial: InitialValue) -> ResolvedTensor {
        ResolvedTensor(name: "\(path)/\(name)", shape: shape, kind: kind, initial: initial)
    }
}

/// Where a window stands along one axis.
package struct Slide: Hashable {
    package let outputLength: Int
    package let paddingBefore: Int
    package let paddingAfter: Int
}

extension Window {
    /// Positions along an axis of `length`; `outputLength` is 0 or less where the window does not fit.
    package func slide(over length: Int) -> Slide {
        switch padding {
        case .zeros(let count):
            let room = length + 2 * count - kernel
            return Slide(outputLength: room < 0 ? 0 : room / stride + 1, paddingBefore: count, paddingAfter: count)
        case .same:
            let output = (length + stride - 1) / stride
            let total = max((output - 1) * stride + kernel - length, 0)
            return Slide(outputLength: output, paddingBefore: total / 2, paddingAfter: total - total / 2)
        }
    }
}
