import Foundation
import Tensors

/// Which data a run is about, in the form of a scenario's `dataset` key.
///
/// A name (`mnist`, `fashion-mnist`, `uci-har`, `shakespeare`, `gestures`), or a mapping with `kind: idx`, `npy` or
/// `csv` (see `FileDatasetSpec`), or one with `kind: gestures` (see `GestureSettings`).
public enum DatasetSpec: Hashable, Sendable {
    /// A public data set; `NamedDataset` lists the names.
    case named(String)
    /// The generator of wearables' motion windows, which needs no files.
    case gestures(GestureSettings)
    /// The user's own files.
    case files(FileDatasetSpec)
}

extension DatasetSpec {
    /// Reads or generates the training and the test part.
    ///
    /// - Parameters:
    ///   - dataRoot: the folder that relative paths and named sets are looked up in; generated data need none.
    ///   - clients: number of clients that data are generated for, at least 1; data from files do not depend on it.
    ///   - seed: seed of generated data; data from files do not depend on it.
    /// - Throws: `DatasetError`, naming file, position and cause.
    public func load(dataRoot: URL?, clients: Int, seed: Seed) throws(DatasetError) -> DatasetPair {
        switch self {
        case .named(let name):
            guard let dataset = NamedDataset(rawValue: name) else { throw .unknownDataset(name) }
            return try dataset.load(dataRoot: dataRoot)
        case .gestures(let settings):
            let generator = try GestureGenerator(settings, seed: seed)
            return DatasetPair(
                train: try generator.trainingWindows(clients: clients), test: try generator.testWindows())
        case .files(let files):
            return try files.load(dataRoot: dataRoot)
        }
    }

    /// The test part alone, which is all that a coordinator needs: as `load(…).test`, in less time and memory where the
    /// data allow it.
    public func loadTest(dataRoot: URL?, seed: Seed) throws(DatasetError) -> Dataset {
        switch self {
        case .named(let name):
            guard let dataset = NamedDataset(rawValue: name) else { throw .unknownDataset(name) }
            return try dataset.loadTest(dataRoot: dataRoot)
        case .gestures(let settings): return try GestureGenerator(settings, seed: seed).testWindows()
        case .files(let files): return try files.load(dataRoot: dataRoot).test
        }
    }

    /// One client's share of the training part: what `load` and `Partition.assign` give together, in the same order.
    ///
    /// Generated data that are split by client id are generated for this client alone.
    ///
    /// - Parameter client: 0..<`clients`.
    public func loadShare(
        of client: Int, partition: Partition, dataRoot: URL?, clients: Int, seed: Seed
    ) throws(DatasetError) -> Dataset {
        precondition(client >= 0 && client < clients)
        if case .gestures(let settings) = self, partition == .byClientID {
            return try GestureGenerator(settings, seed: seed).windows(ofClient: client)
        }
        let train = try load(dataRoot: dataRoot, clients: clients, seed: seed).train
        return train.subset(try partition.assign(train, clients: clients, seed: seed)[client])
    }
}

extension DatasetSpec: Codable {
    private enum KindKey: String, CodingKey { case kind }

    /// Reads a name or a mapping with a `kind`.
    public init(from decoder: any Decoder) throws {
        guard let keyed = try? decoder.container(keyedBy: KindKey.self) else {
            let name = try decoder.singleValueContainer().decode(String.self)
            guard name != GestureSettings.kind else {
                self = .gestures(GestureSettings())
                return
            }
            guard NamedDataset(rawValue: name) != nil else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "\(DatasetError.unknownDataset(name))"))
            }
            self = .named(name)
            return
        }
        let kind = try keyed.decode(String.self, forKey: .kind)
        self =
            kind == GestureSettings.kind
            ? .gestures(try GestureSettings(from: decoder)) : .files(try FileDatasetSpec(from: decoder))
    }

    /// Writes the shortest form that reads back as the same value.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .named(let name):
            var container = encoder.singleValueContainer()
            try container.encode(name)
        case .gestures(let settings) where settings == GestureSettings():
            var container = encoder.singleValueContainer()
            try container.encode(GestureSettings.kind)
        case .gestures(let settings): try settings.encode(to: encoder)
        case .files(let files): try files.encode(to: encoder)
        }
    }
}
