import Foundation

/// The public data sets that are known by name and found in a folder of the same name.
public enum NamedDataset: String, CaseIterable, Codable, Sendable {
    /// Handwritten digits, `[1, 28, 28]`, 10 classes (LeCun et al. 1998, doi:10.1109/5.726791).
    case mnist
    /// Articles of clothing, `[1, 28, 28]`, 10 classes (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747).
    case fashionMNIST = "fashion-mnist"
    /// Six activities of 30 people with a phone at the waist, `[6, 128]` (Reyes-Ortiz et al. 2016,
    /// doi:10.1016/j.neucom.2015.07.085).
    case uciHAR = "uci-har"
    /// The next of 65 characters in Shakespeare's plays, by speaking role, `[80]`.
    case shakespeare

    /// All names, for messages.
    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// Reads both parts from the set's folder in the data folder.
    func load(dataRoot: URL?) throws(DatasetError) -> DatasetPair {
        let folder = try folder(dataRoot)
        switch self {
        case .mnist, .fashionMNIST, .uciHAR:
            return DatasetPair(train: try part(of: folder, test: false), test: try part(of: folder, test: true))
        case .shakespeare: return try folder.speeches()
        }
    }

    /// Reads the test part alone.
    func loadTest(dataRoot: URL?) throws(DatasetError) -> Dataset {
        let folder = try folder(dataRoot)
        return self == .shakespeare ? try folder.speeches().test : try part(of: folder, test: true)
    }

    private func folder(_ dataRoot: URL?) throws(DatasetError) -> NamedFolder {
        guard let dataRoot else { throw .noDataFolder(path: rawValue) }
        return NamedFolder(root: dataRoot, folder: dataRoot.appendingPathComponent(rawValue, isDirectory: true))
    }

    private func part(of folder: NamedFolder, test: Bool) throws(DatasetError) -> Dataset {
        switch self {
        case .mnist: try folder.images(test: test, mean: 0.1307, deviation: 0.3081, classNames: nil)
        case .fashionMNIST: try folder.images(test: test, mean: 0.2860, deviation: 0.3530, classNames: clothing)
        case .uciHAR: try folder.activityWindows(test: test)
        case .shakespeare: test ? try folder.speeches().test : try folder.speeches().train
        }
    }
}

private let clothing = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
]

/// Where the files of one named set are.
struct NamedFolder {
    let root: URL
    let folder: URL

    /// An IDX file of the folder; the compressed file where both exist.
    func idx(_ name: String) throws(DatasetError) -> ArrayFile {
        let plain = folder.appendingPathComponent(name)
        let compressed = plain.appendingPathExtension("gz")
        let usesPlain =
            FileManager.default.fileExists(atPath: plain.path)
            && !FileManager.default.fileExists(atPath: compressed.path)
        return try ArrayFile.idx(usesPlain ? plain : compressed, dataFolder: root)
    }

    /// MNIST and what has its layout: 28×28 bytes, ten classes, values `(x / 255 − mean) / deviation`.
    func images(
        test: Bool, mean: Double, deviation: Double, classNames: [String]?
    ) throws(DatasetError) -> Dataset {
        let prefix = test ? "t10k" : "train"
        let images = try idx("\(prefix)-images-idx3-ubyte")
        let labels = try idx("\(prefix)-labels-idx1-ubyte")
        try images.expectSamples(shape: [28, 28], element: .uint8)
        try labels.expectCount(of: images)
        return Dataset(
            inputShape: [1, 28, 28],
            inputs: try images.floats(scale: Float(1 / (255 * deviation)), shift: Float(-mean / deviation)),
            labels: try labels.integers("label", in: 0...9), classCount: 10, classNames: classNames)
    }
}

extension ArrayFile {
    /// Checks the shape and the type of each sample.
    func expectSamples(shape expected: [Int], element expectedElement: ElementType) throws(DatasetError) {
        guard Array(shape.dropFirst()) == expected, element == expectedElement else {
            throw malformed(
                element: 0,
                "samples should be \(expectedElement) of \(expected), not \(element) of \(shape.dropFirst())")
        }
    }

    /// Checks that this file describes as many samples as `inputs` holds.
    func expectCount(of inputs: ArrayFile) throws(DatasetError) {
        guard sampleCount == inputs.sampleCount else {
            throw .mismatchedCounts(
                file: path, count: sampleCount, otherFile: inputs.path, otherCount: inputs.sampleCount)
        }
    }
}
