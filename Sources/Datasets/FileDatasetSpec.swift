/// A data set of the user's own, in files whose paths are relative to the data folder.
///
/// - `idx` and `npy`: the inputs are an array `[samples, …]`, labels and client ids arrays `[samples]` of whole numbers.
///   A sample of rank 3 is `[C, H, W]`, of rank 2 `[C, T]`, except that bytes of rank 2 are an image `[1, H, W]`; a
///   sample of rank 1 is `[T]`, a bare number `[1]`.
/// - `csv`: every row is a sample `[T]`. `trainLabels`, `testLabels` and `trainClients` name a column of the inputs' file
///   by its header or by its index (from 0; −1 is the last), or a `.csv` file of their own with one value per line.
///   Labels and client ids may be words; they are numbered alphabetically.
///
/// Any file may be gzip-compressed. Labels are numbered from 0; there are as many classes as the training part shows.
public struct FileDatasetSpec: Hashable, Sendable {
    /// The format of the files.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// The container of MNIST.
        case idx
        /// NumPy's array file.
        case npy
        /// Comma-separated text with a label column.
        case csv
    }

    /// The format of all the files.
    public var kind: Kind
    /// Inputs of the training part.
    public var trainInputs: String
    /// Labels of the training part: a file, or a column of `trainInputs` where that is CSV.
    public var trainLabels: String
    /// Who each training sample is from: a file, or a column of `trainInputs` (and, unused, of `testInputs`) for CSV.
    public var trainClients: String?
    /// Inputs of the test part.
    public var testInputs: String
    /// Labels of the test part, in the way of `trainLabels`.
    public var testLabels: String
    /// What every input is multiplied by, 1 unless given; finite.
    public var inputScale: Float?
    /// What is added to every input after scaling, 0 unless given; finite.
    public var inputShift: Float?
    /// The shape of a sample where it is not the file's: 1 to 3 sizes with as many values, for example `[1, 28, 28]`.
    public var inputShape: [Int]?

    /// Names the files of a data set.
    public init(
        kind: Kind, trainInputs: String, trainLabels: String, trainClients: String? = nil, testInputs: String,
        testLabels: String, inputScale: Float? = nil, inputShift: Float? = nil, inputShape: [Int]? = nil
    ) {
        self.kind = kind
        self.trainInputs = trainInputs
        self.trainLabels = trainLabels
        self.trainClients = trainClients
        self.testInputs = testInputs
        self.testLabels = testLabels
        self.inputScale = inputScale
        self.inputShift = inputShift
        self.inputShape = inputShape
    }
}

extension FileDatasetSpec: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case trainInputs = "train_inputs"
        case trainLabels = "train_labels"
        case trainClients = "train_clients"
        case testInputs = "test_inputs"
        case testLabels = "test_labels"
        case inputScale = "input_scale"
        case inputShift = "input_shift"
        case inputShape = "input_shape"
    }

    /// Reads the mapping of a scenario; an unknown key is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kind = try values.decode(Kind.self, forKey: .kind)
        trainInputs = try values.decode(String.self, forKey: .trainInputs)
        trainLabels = try values.decodeNameOrNumber(.trainLabels)
        trainClients = values.contains(.trainClients) ? try values.decodeNameOrNumber(.trainClients) : nil
        testInputs = try values.decode(String.self, forKey: .testInputs)
        testLabels = try values.decodeNameOrNumber(.testLabels)
        inputScale = try values.decodeIfPresent(Float.self, forKey: .inputScale)
        inputShift = try values.decodeIfPresent(Float.self, forKey: .inputShift)
        inputShape = try values.decodeIfPresent([Int].self, forKey: .inputShape)
    }
}

extension KeyedDecodingContainer {
    /// A string, or the digits of a whole number: column indices are written without quotes.
    fileprivate func decodeNameOrNumber(_ key: Key) throws -> String {
        if let number = try? decode(Int.self, forKey: key) { return String(number) }
        return try decode(String.self, forKey: key)
    }
}
