import Foundation
import Tensors

/// Makes inputs that a model knows when there are no data: noise is moved until the model sees a chosen class in it and,
/// where there is batch norm, until its running statistics fit (Nayak et al. 2019, arXiv:1905.08114; Yin et al. 2020,
/// arXiv:1912.08795; Cai et al. 2020, arXiv:2001.00281).
///
/// They serve to calibrate a quantization or to distil a student, not to look at.
public struct InputSynthesizer: Hashable, Sendable {
    /// Samples that are made together and share statistics, 2 to 4096.
    public var batchSize: Int
    /// Steps of Adam on each batch, at least 1.
    public var steps: Int
    /// Length of a step in units of the noise's spread, above 0.
    public var learningRate: Float
    /// Weight of the statistics, 0 or more.
    public var statisticsWeight: Float
    /// Weight of the class, 0 or more.
    public var classWeight: Float
    /// How sure of the class the model becomes, above 0.5 and at most 1: from there on the class pulls no more. A trained
    /// model is all but certain of most of its data; less than 1 leaves activations, above all the logits, far below what
    /// data drive them to.
    public var confidence: Float
    /// Spread of the noise in each direction from its middle: normal, kept within `range`.
    public var deviation: Float
    /// Where inputs lie, if that is known; a histogram of them has such a range.
    public var range: ActivationRange?
    /// How many neighbours of the innermost axis the noise is averaged over, at least 1: signals and images are smooth.
    public var smoothness: Int

    /// Makes a synthesizer; checked when it is used. Ranges for a quantization are best taken from its samples with
    /// `RangeSearch.widened(1.5)`: they show less than data do, and a range that clips the logits makes classes equal.
    public init(
        batchSize: Int = 64, steps: Int = 100, learningRate: Float = 0.05, statisticsWeight: Float = 1,
        classWeight: Float = 1, confidence: Float = 1, deviation: Float = 0.3,
        range: ActivationRange? = nil, smoothness: Int = 7
    ) {
        self.batchSize = batchSize
        self.steps = steps
        self.learningRate = learningRate
        self.statisticsWeight = statisticsWeight
        self.classWeight = classWeight
        self.confidence = confidence
        self.deviation = deviation
        self.range = range
        self.smoothness = smoothness
    }

    /// Makes samples, classes in turn; the labels are the classes that were aimed at.
    ///
    /// - Parameters:
    ///   - count: samples, rounded up to whole batches; at least 1.
    ///   - seed: decides the noise.
    /// - Throws: as `Trainer`; `.invalidCompaction` for a model of token ids or a setting out of range.
    public func samples(
        _ count: Int, spec: ModelSpec, parameters: [Float], seed: Seed
    ) throws(TrainingError) -> TrainingSet {
        guard (2...4096).contains(batchSize), (1...100_000).contains(steps), learningRate > 0, deviation > 0,
            smoothness > 0, confidence > 0.5, confidence <= 1, statisticsWeight >= 0, classWeight >= 0,
            (1...1_000_000).contains(count)
        else { throw .invalidCompaction("a setting of the input synthesis is out of range") }
        let layers = try spec.resolved()
        guard !layers.startsWithTokens else {
            throw .invalidCompaction("token ids cannot be moved by gradients; '\(spec.name)' needs real ones")
        }
        let trainer = try Trainer(spec: spec, maximumBatchSize: batchSize)
        try trainer.load(parameters)
        let probe = StatisticsProbe(layers: layers, layout: trainer.layout, weight: statisticsWeight)
        let network = NetworkCompiler(layout: trainer.layout, capacity: batchSize, probe: probe)
            .compile(layers, inputShape: spec.inputShape, isWhole: true)
        let elements = spec.inputShape.reduce(1, *)
        var inputs: [Float] = []
        var labels: [Int32] = []
        for batch in 0..<(count + batchSize - 1) / batchSize {
            let targets = (0..<batchSize).map { Int32((batch * batchSize + $0) % spec.classCount) }
            var noise = noise(batchSize * elements, shape: spec.inputShape, seed.derived("noise", batch))
            descend(&noise, targets, trainer, network)
            inputs += planar(noise, spec.inputShape)
            labels += targets
        }
        return try TrainingSet(inputs: inputs, labels: labels, elementCount: elements)
    }

    /// Smooth noise in the memory order of the network, channels innermost.
    private func noise(_ count: Int, shape: [Int], _ seed: Seed) -> [Float] {
        var random = SeededRandom(seed)
        let channels = shape.count == 1 ? 1 : shape[0]
        let raw = (0..<count).map { _ in Float(random.normal()) }
        let middle = range.map { ($0.low + $0.high) / 2 } ?? 0
        return (0..<count).map { index in
            var (sum, members) = (Float.zero, Float.zero)
            for step in 0..<smoothness where index - step * channels >= 0 {
                sum += raw[index - step * channels]
                members += 1
            }
            // A sum of n normal numbers is √n times as wide as one.
            return clamp(middle + deviation * sum / members.squareRoot())
        }
    }

    private func clamp(_ value: Float) -> Float { range.map { max($0.low, min($0.high, value)) } ?? value }

    /// Adam (Kingma, Ba 2015, arXiv:1412.6980) on the inputs.
    private func descend(
        _ inputs: inout [Float], _ targets: [Int32], _ trainer: Trainer, _ network: SequentialOperation
    ) {
        let pass = Pass(
            parameters: trainer.parameters.pointer, gradients: trainer.gradients.pointer, batch: batchSize,
            isTraining: false)
        let values = FloatBuffer(count: inputs.count)
        let gradient = FloatBuffer(count: inputs.count)
        for (index, value) in inputs.enumerated() { values.pointer[index] = value }
        var (mean, square) = ([Float](repeating: 0, count: inputs.count), [Float](repeating: 0, count: inputs.count))
        let classes = trainer.spec.classCount
        for step in 1...steps {
            network.forward(pass, values.pointer, trainer.logits.pointer)
            for (row, target) in targets.enumerated() {
                let gradient = trainer.logitGradients.pointer + row * classes
                let (loss, _) = CrossEntropy.lossAndGradient(
                    trainer.logits.pointer + row * classes, count: classes, label: Int(target),
                    scale: classWeight / Float(batchSize), into: gradient)
                if confidence < 1, exp(-loss) >= Double(confidence) { gradient.update(repeating: 0, count: classes) }
            }
            network.backward(
                pass, values.pointer, trainer.logits.pointer, trainer.logitGradients.pointer, gradient.pointer)
            let rate = learningRate * deviation / (1 - pow(0.9, Float(step)))
            let scale = 1 / (1 - pow(0.999, Float(step))).squareRoot()
            for index in inputs.indices {
                let slope = gradient.pointer[index]
                mean[index] = 0.9 * mean[index] + 0.1 * slope
                square[index] = 0.999 * square[index] + 0.001 * slope * slope
                let moved = values.pointer[index] - rate * mean[index] / (square[index].squareRoot() * scale + 1e-12)
                values.pointer[index] = clamp(moved)
            }
        }
        for index in inputs.indices { inputs[index] = values.pointer[index] }
    }

    /// From channels innermost to channels outermost.
    private func planar(_ values: [Float], _ shape: [Int]) -> [Float] {
        guard shape.count > 1 else { return values }
        let positions = shape.dropFirst().reduce(1, *)
        let count = positions * shape[0]
        var result = [Float](repeating: 0, count: values.count)
        for sample in 0..<values.count / count {
            for position in 0..<positions {
                for channel in 0..<shape[0] {
                    result[sample * count + channel * positions + position] =
                        values[sample * count + position * shape[0] + channel]
                }
            }
        }
        return result
    }
}
