/// Labelled samples of one shape, stored flat.
public struct Dataset: Sendable {
    /// Largest number of input values that any loader or generator produces (2^28, 1 GiB of `Float`).
    public static let maximumValueCount = 1 << 28

    /// Sizes of one sample: `[C, H, W]` for an image, `[C, T]` for a window of a signal, `[T]` for a row or a text.
    public let inputShape: [Int]
    /// All samples row-major, `[sampleCount] + inputShape`; every value is finite.
    public let inputs: [Float]
    /// The class of each sample, 0..<`classCount`.
    public let labels: [Int32]
    /// Number of classes, at least 1; the same for the training and the test part.
    public let classCount: Int
    /// Who each sample is from (a person, a role, a device), where the data know it; not necessarily contiguous.
    public let clientIDs: [Int32]?
    /// A word for each class, where the data have one.
    public let classNames: [String]?

    /// Number of samples.
    public var sampleCount: Int { labels.count }
    /// Number of values in one sample: the product of `inputShape`.
    public var inputCount: Int { inputShape.reduce(1, *) }

    /// Puts a data set together from parts that already fit; files are checked by their loaders.
    ///
    /// - Precondition: every size is at least 1, the counts agree and the labels lie in 0..<`classCount`.
    public init(
        inputShape: [Int], inputs: [Float], labels: [Int32], classCount: Int, clientIDs: [Int32]? = nil,
        classNames: [String]? = nil
    ) {
        precondition(classCount > 0 && inputShape.allSatisfy { $0 > 0 })
        precondition(inputs.count == labels.count * inputShape.reduce(1, *))
        precondition(labels.allSatisfy { $0 >= 0 && Int($0) < classCount })
        precondition(clientIDs.map { $0.count == labels.count } ?? true)
        precondition(classNames.map { $0.count == classCount } ?? true)
        self.inputShape = inputShape
        self.inputs = inputs
        self.labels = labels
        self.classCount = classCount
        self.clientIDs = clientIDs
        self.classNames = classNames
    }

    /// The samples at `indices`, in that order.
    ///
    /// - Precondition: every index lies in 0..<`sampleCount`.
    public func subset(_ indices: [Int]) -> Dataset {
        let count = inputCount
        let values = [Float](unsafeUninitializedCapacity: indices.count * count) { buffer, initialized in
            inputs.withUnsafeBufferPointer { source in
                for (row, index) in indices.enumerated() {
                    let sample = UnsafeBufferPointer(rebasing: source[(index * count)..<((index + 1) * count)])
                    _ = UnsafeMutableBufferPointer(rebasing: buffer[(row * count)...]).initialize(from: sample)
                }
            }
            initialized = indices.count * count
        }
        return Dataset(
            inputShape: inputShape, inputs: values, labels: indices.map { labels[$0] }, classCount: classCount,
            clientIDs: clientIDs.map { ids in indices.map { ids[$0] } }, classNames: classNames)
    }

    /// How many samples each class has, `[classCount]`.
    public func classHistogram() -> [Int] {
        var histogram = [Int](repeating: 0, count: classCount)
        for label in labels { histogram[Int(label)] += 1 }
        return histogram
    }
}

/// What a run trains on and what it is measured on; both parts have the same shape and classes.
public struct DatasetPair: Sendable {
    /// The samples that are dealt to the clients.
    public let train: Dataset
    /// The samples that no client trains on.
    public let test: Dataset

    /// Pairs two parts.
    ///
    /// - Precondition: the parts have the same `inputShape` and `classCount`.
    public init(train: Dataset, test: Dataset) {
        precondition(train.inputShape == test.inputShape && train.classCount == test.classCount)
        self.train = train
        self.test = test
    }
}
