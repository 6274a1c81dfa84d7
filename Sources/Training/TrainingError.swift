/// Why a model, a data set or a training run is refused.
public enum TrainingError: Error, Hashable, Sendable {
    /// No built-in model carries this name.
    case unknownModel(name: String, known: [String])
    /// A built-in model does not take this input shape.
    case unsupportedInput(model: String, shape: [Int], expected: String)
    /// A layer does not fit the output of the layer before it, or its own sizes are out of range.
    case invalidLayer(path: String, input: [Int], reason: String)
    /// The model as a whole is unusable.
    case invalidModel(String)
    /// The parameter vector does not have as many elements as the model.
    case parameterCountMismatch(expected: Int, actual: Int)
    /// Inputs, labels and sample count of a set contradict each other or the model.
    case invalidSet(String)
    /// A sample index lies outside the set.
    case indexOutOfRange(index: Int, sampleCount: Int)
    /// A label is not a class of the model.
    case labelOutOfRange(label: Int32, sample: Int, classCount: Int)
    /// An input of an embedding is not a whole number below the vocabulary.
    case tokenOutOfRange(token: Float, sample: Int, vocabulary: Int)
    /// An input is NaN or infinite.
    case nonFiniteInput(sample: Int)
    /// A parameter is NaN or infinite before training begins.
    case nonFiniteParameter(name: String)
    /// A setting of the local training is out of range.
    case invalidPlan(String)
    /// Bits, ranges or histograms of a quantization contradict each other or the model.
    case invalidQuantization(String)
    /// A pruning, sharing or distillation cannot be done as asked.
    case invalidCompaction(String)
    /// The loss or a parameter became NaN or infinite.
    case diverged(epoch: Int, step: Int)
}

extension TrainingError: CustomStringConvertible {
    /// What is wrong and what would be right, in one sentence.
    public var description: String {
        switch self {
        case .unknownModel(let name, let known):
            "there is no built-in model '\(name)'; there are: \(known.joined(separator: ", "))"
        case .unsupportedInput(let model, let shape, let expected):
            "model '\(model)' does not take input of shape \(shape); it needs \(expected)"
        case .invalidLayer(let path, let input, let reason): "layer \(path), input shape \(input): \(reason)"
        case .invalidModel(let reason): "model: \(reason)"
        case .parameterCountMismatch(let expected, let actual):
            "the model has \(expected) parameters, the vector \(actual)"
        case .invalidSet(let reason): "training set: \(reason)"
        case .indexOutOfRange(let index, let sampleCount):
            "sample index \(index) is outside the set of \(sampleCount) samples"
        case .labelOutOfRange(let label, let sample, let classCount):
            "sample \(sample) has label \(label); the model has classes 0 to \(classCount - 1)"
        case .tokenOutOfRange(let token, let sample, let vocabulary):
            "sample \(sample) has token \(token); token ids are the whole numbers 0 to \(vocabulary - 1)"
        case .nonFiniteInput(let sample): "sample \(sample) contains NaN or an infinite value"
        case .nonFiniteParameter(let name): "parameter tensor '\(name)' contains NaN or an infinite value"
        case .invalidPlan(let reason): "training plan: \(reason)"
        case .invalidQuantization(let reason): "quantization: \(reason)"
        case .invalidCompaction(let reason): "compaction: \(reason)"
        case .diverged(let epoch, let step):
            "training diverged in epoch \(epoch), step \(step): NaN or infinite; a lower learning rate may help"
        }
    }
}
