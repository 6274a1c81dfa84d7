import Configuration
import Datasets
import Foundation
import Tensors
import Training

/// The data of a simulated federation: one training set, dealt to clients, and one test set.
public struct Population: Sendable {
    /// Samples of all clients.
    public let train: TrainingSet
    /// Samples that no client trains on.
    public let test: TrainingSet
    /// Positions of each client's samples in `train`.
    public let shares: [[Int]]
    /// Sizes of one sample.
    public let inputShape: [Int]
    /// Number of classes.
    public let classCount: Int

    /// Loads or generates the data and deals them.
    ///
    /// - Parameters:
    ///   - dataRoot: folder of the named sets and of relative paths.
    ///   - seed: of generated data and of the deal.
    /// - Throws: `DatasetError`, `TrainingError`.
    public init(dataset: DatasetSpec, partition: Partition, clients: Int, dataRoot: URL?, seed: UInt64) throws {
        let pair = try dataset.load(dataRoot: dataRoot, clients: clients, seed: Seed(seed))
        shares = try partition.assign(pair.train, clients: clients, seed: Seed(seed))
        train = try TrainingSet(pair.train)
        test = try TrainingSet(pair.test)
        inputShape = pair.train.inputShape
        classCount = pair.train.classCount
    }

    /// The threads and samples that clients of this process share.
    public func workshop(threads: Int) -> TrainingWorkshop {
        TrainingWorkshop(set: train, inputShape: inputShape, classCount: classCount, threads: threads)
    }
}

extension TrainingSet {
    /// The same samples for the training engine; nothing is copied.
    public init(_ dataset: Dataset) throws(TrainingError) {
        try self.init(inputs: dataset.inputs, labels: dataset.labels, elementCount: dataset.inputCount)
    }
}
