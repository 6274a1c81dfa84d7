/// Labelled samples in memory.
public struct TrainingSet: Sendable {
    /// All samples one behind the other, each row-major in the model's input shape: `[sampleCount, inputShape…]`.
    public let inputs: [Float]
    /// Class of each sample, from 0.
    public let labels: [Int32]
    /// Elements of one sample.
    public let elementCount: Int

    /// Number of samples.
    public var sampleCount: Int { labels.count }

    /// Ties inputs to labels.
    ///
    /// - Throws: `TrainingError.invalidSet` where `inputs` does not hold `elementCount` numbers per label, or
    ///   `elementCount` is below 1.
    public init(inputs: [Float], labels: [Int32], elementCount: Int) throws(TrainingError) {
        guard elementCount > 0 else { throw .invalidSet("a sample has \(elementCount) elements; at least 1 is needed") }
        let (expected, overflow) = labels.count.multipliedReportingOverflow(by: elementCount)
        guard !overflow, inputs.count == expected else {
            throw .invalidSet(
                "\(labels.count) labels and \(elementCount) elements per sample do not make \(inputs.count) inputs")
        }
        self.inputs = inputs
        self.labels = labels
        self.elementCount = elementCount
    }
}
