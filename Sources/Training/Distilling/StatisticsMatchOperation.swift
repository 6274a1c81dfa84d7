import Tensors

/// Pulls the statistics of what passes towards the running statistics of the batch norm behind it.
///
/// The loss is the mean over channels of `(m − μ)²/σ² + (s² − σ²)²/σ⁴` with the batch's mean m and variance s².
final class StatisticsMatchOperation: Operation {
    let outputCount: Int
    private let channels: Int
    private let meanOffset: Int
    private let varianceOffset: Int
    private let weight: Float
    private var means: [Float]
    private var variances: [Float]
    /// Loss of the last forward pass.
    private(set) var loss: Float = 0

    init(count: Int, channels: Int, meanOffset: Int, varianceOffset: Int, weight: Float) {
        outputCount = count
        self.channels = channels
        self.meanOffset = meanOffset
        self.varianceOffset = varianceOffset
        self.weight = weight
        means = [Float](repeating: 0, count: channels)
        variances = means
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let rows = pass.batch * outputCount / channels
        output.update(from: input, count: rows * channels)
        loss = 0
        for channel in 0..<channels {
            var (sum, squares) = (0.0, 0.0)
            for row in 0..<rows { sum += Double(input[row * channels + channel]) }
            let mean = sum / Double(rows)
            for row in 0..<rows {
                let difference = Double(input[row * channels + channel]) - mean
                squares += difference * difference
            }
            means[channel] = Float(mean)
            variances[channel] = Float(squares / Double(rows))
            let (meanGap, varianceGap, scale) = gaps(channel, pass.parameters)
            loss += weight * (meanGap * meanGap / scale + varianceGap * varianceGap / (scale * scale)) / Float(channels)
        }
    }

    private func gaps(
        _ channel: Int, _ parameters: UnsafePointer<Float>
    ) -> (mean: Float, variance: Float, scale: Float) {
        let variance = parameters[varianceOffset + channel]
        return (
            means[channel] - parameters[meanOffset + channel], variances[channel] - variance,
            variance + BatchNormOperation.epsilon
        )
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        guard let inputGradient else { return }
        let rows = pass.batch * outputCount / channels
        let share = 2 * weight / Float(channels * rows)
        for channel in 0..<channels {
            let (meanGap, varianceGap, scale) = gaps(channel, pass.parameters)
            let level = share * meanGap / scale
            let slope = 2 * share * varianceGap / (scale * scale)
            for row in 0..<rows {
                let index = row * channels + channel
                inputGradient[index] = outputGradient[index] + level + slope * (input[index] - means[channel])
            }
        }
    }
}

/// Puts a `StatisticsMatchOperation` before every batch norm that follows a layer with weights.
final class StatisticsProbe: NetworkProbe {
    private let offsets: [String: Int]
    private let norms: [String: String]
    private let weight: Float
    private(set) var operations: [StatisticsMatchOperation] = []

    init(layers: [ResolvedLayer], layout: ParameterLayout, weight: Float) {
        offsets = Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.name, $0.offset) })
        norms = Dictionary(uniqueKeysWithValues: Self.norms(layers))
        self.weight = weight
    }

    private static func norms(_ layers: [ResolvedLayer]) -> [(String, String)] {
        zip(layers, layers.dropFirst()).compactMap { layer, next in
            layer.spec.withBias != nil && next.spec == .batchNorm ? (layer.path, next.path) : nil
        } + layers.flatMap { norms($0.body) + norms($0.shortcut) }
    }

    func beforeNorm(of layer: ResolvedLayer) -> (any Operation)? {
        guard let norm = norms[layer.path], let mean = offsets["\(norm)/mean"],
            let variance = offsets["\(norm)/variance"]
        else { return nil }
        let operation = StatisticsMatchOperation(
            count: layer.outputShape.reduce(1, *), channels: layer.outputShape[0], meanOffset: mean,
            varianceOffset: variance, weight: weight)
        operations.append(operation)
        return operation
    }
}
