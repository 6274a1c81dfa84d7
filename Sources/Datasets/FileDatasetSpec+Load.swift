import Foundation

extension FileDatasetSpec {
    /// Largest class number of a file (65,535): a higher one is a mistake, not a class.
    static let maximumLabel: Int32 = 65_535

    private var scale: Float { inputScale ?? 1 }
    private var shift: Float { inputShift ?? 0 }

    /// Reads both parts; relative paths are looked up in `dataRoot`.
    func load(dataRoot: URL?) throws(DatasetError) -> DatasetPair {
        guard scale.isFinite, shift.isFinite, scale != 0 else {
            throw .invalidSetting("input_scale must be finite and not 0, input_shift must be finite")
        }
        if let inputShape, !(1...3).contains(inputShape.count) || inputShape.contains(where: { $0 < 1 }) {
            throw .invalidSetting("input_shape must hold 1 to 3 sizes of at least 1, not \(inputShape)")
        }
        let pair = kind == .csv ? try loadTables(dataRoot) : try loadArrays(dataRoot)
        guard pair.train.inputShape == pair.test.inputShape else {
            throw .mismatchedShapes(
                file: testInputs, shape: pair.test.inputShape, otherFile: trainInputs, otherShape: pair.train.inputShape
            )
        }
        return DatasetPair(train: pair.train, test: pair.test)
    }

    /// Where a path of the specification points.
    private func locate(_ path: String, _ dataRoot: URL?) throws(DatasetError) -> URL {
        if path.hasPrefix("/") { return URL(fileURLWithPath: path) }
        guard let dataRoot else { throw .noDataFolder(path: path) }
        return dataRoot.appendingPathComponent(path)
    }

    /// The shape of a sample: the setting where there is one, which must have as many values as the file's.
    private func sampleShape(_ shape: [Int], path: String) throws(DatasetError) -> [Int] {
        guard let inputShape else { return shape }
        guard shape.reduce(1, *) == inputShape.reduce(1, *) else {
            throw .mismatchedShapes(file: path, shape: shape, otherFile: "input_shape", otherShape: inputShape)
        }
        return inputShape
    }
}

// MARK: - IDX and .npy

extension FileDatasetSpec {
    private func array(_ path: String, _ dataRoot: URL?) throws(DatasetError) -> ArrayFile {
        let url = try locate(path, dataRoot)
        return kind == .npy
            ? try ArrayFile.npy(url, dataFolder: dataRoot) : try ArrayFile.idx(url, dataFolder: dataRoot)
    }

    private func loadArrays(_ dataRoot: URL?) throws(DatasetError) -> (train: Dataset, test: Dataset) {
        let train = try arrays(trainInputs, trainLabels, dataRoot, maximumLabel: Self.maximumLabel)
        let classCount = Int(train.labels.max() ?? 0) + 1
        let test = try arrays(testInputs, testLabels, dataRoot, maximumLabel: Int32(classCount - 1))
        var clients: [Int32]?
        if let trainClients {
            let file = try array(trainClients, dataRoot)
            try file.expectCount(of: train.file)
            clients = try file.integers("client id", in: 0...Int32.max)
        }
        return (
            Dataset(
                inputShape: train.shape, inputs: try train.file.floats(scale: scale, shift: shift),
                labels: train.labels, classCount: classCount, clientIDs: clients),
            Dataset(
                inputShape: test.shape, inputs: try test.file.floats(scale: scale, shift: shift),
                labels: test.labels, classCount: classCount)
        )
    }

    private func arrays(
        _ inputs: String, _ labels: String, _ dataRoot: URL?, maximumLabel: Int32
    ) throws(DatasetError) -> (file: ArrayFile, shape: [Int], labels: [Int32]) {
        let file = try array(inputs, dataRoot)
        let labelFile = try array(labels, dataRoot)
        try labelFile.expectCount(of: file)
        let shape = try sampleShape(file.naturalSampleShape(), path: file.path)
        return (file, shape, try labelFile.integers("label", in: 0...maximumLabel))
    }
}

extension ArrayFile {
    /// What the file's own shape says of a sample; a leading channel is added to an image of bytes.
    fileprivate func naturalSampleShape() throws(DatasetError) -> [Int] {
        let sizes = Array(shape.dropFirst())
        switch sizes.count {
        case 0: return [1]
        case 1, 3: return sizes
        case 2: return element == .uint8 ? [1] + sizes : sizes
        default:
            throw malformed(element: 0, "samples have \(sizes.count) dimensions, at most 3 are accepted: \(shape)")
        }
    }
}

// MARK: - CSV

extension FileDatasetSpec {
    private func loadTables(_ dataRoot: URL?) throws(DatasetError) -> (train: Dataset, test: Dataset) {
        let any = CategoryColumn("label", .any(limit: Int(Self.maximumLabel)))
        let train = try table(trainInputs, trainLabels, any, readsClients: true, dataRoot)
        let classCount = train.classNames?.count ?? Int(train.labels.max() ?? 0) + 1
        let known = CategoryColumn("label", train.classNames.map { .names($0) } ?? .below(classCount))
        let test = try table(testInputs, testLabels, known, readsClients: false, dataRoot)
        func dataset(_ part: LabelledTable, clients: [Int32]?) throws(DatasetError) -> Dataset {
            Dataset(
                inputShape: try sampleShape([part.table.featureCount], path: part.table.path),
                inputs: part.table.features, labels: part.labels, classCount: classCount, clientIDs: clients,
                classNames: train.classNames)
        }
        return (try dataset(train, clients: train.clients), try dataset(test, clients: nil))
    }

    private struct LabelledTable {
        let table: CSVTable
        let labels: [Int32]
        let classNames: [String]?
        let clients: [Int32]?
    }

    private func table(
        _ inputs: String, _ labels: String, _ labelColumn: CategoryColumn, readsClients: Bool, _ dataRoot: URL?
    ) throws(DatasetError) -> LabelledTable {
        let clientSetting = trainClients.map {
            (CSVColumn($0), CategoryColumn("client id", .any(limit: Int(Int32.max))))
        }
        let table = try CSVTable(
            CSVScanner(try locate(inputs, dataRoot), dataFolder: dataRoot), labels: (CSVColumn(labels), labelColumn),
            clients: clientSetting, scale: scale, shift: shift)
        let labelValues = try values(CSVColumn(labels), labelColumn, inTable: table.labels, table, dataRoot)
        var clients: [Int32]?
        if let clientSetting, readsClients {
            clients = try values(clientSetting.0, clientSetting.1, inTable: table.clients, table, dataRoot).numbers
        }
        return LabelledTable(table: table, labels: labelValues.numbers, classNames: labelValues.names, clients: clients)
    }

    /// The values of a column, from the table or from the file of its own.
    private func values(
        _ column: CSVColumn, _ empty: CategoryColumn, inTable: CategoryColumn?, _ table: CSVTable, _ dataRoot: URL?
    ) throws(DatasetError) -> (numbers: [Int32], names: [String]?) {
        guard case .file(let path) = column else { return inTable?.finished() ?? ([], nil) }
        let scanner = try CSVScanner(try locate(path, dataRoot), dataFolder: dataRoot)
        var values = empty
        try values.read(scanner)
        guard values.count == table.rowCount else {
            throw .mismatchedCounts(
                file: scanner.path, count: values.count, otherFile: table.path, otherCount: table.rowCount)
        }
        return values.finished()
    }
}
