import Datasets
import Tensors
import Testing

/// Tables with a label column, good and bad.
struct CSVTests {
    private static func spec(
        labels: String, clients: String? = nil, testLabels: String? = nil, shape: [Int]? = nil
    ) -> DatasetSpec {
        .files(
            FileDatasetSpec(
                kind: .csv, trainInputs: "train.csv", trainLabels: labels, trainClients: clients,
                testInputs: "test.csv", testLabels: testLabels ?? labels, inputShape: shape))
    }

    private static func folder(_ train: String, _ test: String) throws -> DataFolder {
        let folder = try DataFolder()
        try folder.write(train, "train.csv")
        try folder.write(test, "test.csv")
        return folder
    }

    @Test func columnsAreFoundByTheirNameInTheHeader() throws {
        let folder = try Self.folder("a,label,who,b\n1,0,7,-2.5\n3e2,1,9,.25\n", "a,label,who,b\r\n5,1,3,6\r\n\r\n")
        let pair = try folder.load(Self.spec(labels: "label", clients: "who"))
        #expect(pair.train.inputShape == [2])
        #expect(pair.train.inputs == [1, -2.5, 300, 0.25])
        #expect(pair.train.labels == [0, 1])
        #expect(pair.train.clientIDs == [7, 9])
        #expect(pair.train.classNames == nil)
        #expect(pair.test.inputs == [5, 6])
        #expect(pair.test.labels == [1])
        #expect(pair.test.clientIDs == nil)
    }

    @Test(arguments: [
        ("0", "2,1.5,3\n", "1,0.5,4"), ("-1", "1.5,3,2\n", "0.5,4,1"), ("0", "l,a,b\n2,1.5,3\n", "l,a,b\n1,0.5,4"),
    ])
    func columnsAreFoundByTheirIndex(index: String, train: String, test: String) throws {
        let pair = try Self.folder(train, test).load(Self.spec(labels: index))
        #expect(pair.train.inputs == [1.5, 3])
        #expect(pair.train.labels == [2])
        #expect(pair.train.classCount == 3)
        #expect(pair.test.inputs == [0.5, 4])
        #expect(pair.test.labels == [1])
    }

    @Test func wordsAreNumberedAlphabetically() throws {
        let folder = try Self.folder(
            "x, kind, who\n1, \"walk, fast\", bo\n2, rest, ann\n3, \"say \"\"hi\"\"\", bo\n", "x,kind,who\n4,rest,zoe\n"
        )
        let pair = try folder.load(Self.spec(labels: "kind", clients: "who"))
        #expect(pair.train.classNames == ["rest", "say \"hi\"", "walk, fast"])
        #expect(pair.train.labels == [2, 0, 1])
        #expect(pair.train.clientIDs == [1, 0, 1])
        #expect(pair.test.labels == [0])
        #expect(pair.test.classNames == pair.train.classNames)
    }

    @Test func labelsAndClientsMayBeFilesOfTheirOwn() throws {
        let folder = try Self.folder("1,2,3,4\n5,6,7,8\n", "9,9,9,9\n")
        try folder.write("label\n0\n1\n", "y.csv")
        try folder.write("1\n", "yt.csv")
        try folder.write("3\n3", "c.csv")
        let pair = try folder.load(
            Self.spec(labels: "y.csv", clients: "c.csv", testLabels: "yt.csv", shape: [1, 2, 2]))
        #expect(pair.train.inputShape == [1, 2, 2])
        #expect(pair.train.labels == [0, 1])
        #expect(pair.train.clientIDs == [3, 3])
        #expect(pair.test.labels == [1])
    }

    @Test func compressedTablesAreRead() throws {
        let folder = try Self.folder("", "a,l\n3,0\n")
        try folder.write(gzip([0xef, 0xbb, 0xbf] + Array("a,l\n7,0\n".utf8)), "train.csv")
        #expect(try folder.load(Self.spec(labels: "l")).train.inputs == [7])
    }

    private static let bad: [(String, String, String)] = [
        ("", "l", "train.csv: line 1, column 1: the file holds no rows"),
        ("\n\n", "l", "train.csv: line 1, column 1: the file holds no rows"),
        ("a,l\n", "l", "train.csv: line 2, column 1: the file holds no rows below its header"),
        ("a,l\n1,0\n", "y", "train.csv: line 1, column 1: the header names the column 'y' 0 times, not once"),
        ("l,l\n1,0\n", "l", "train.csv: line 1, column 1: the header names the column 'l' 2 times, not once"),
        ("1,0\n", "2", "train.csv: line 1, column 1: there is no column 2 among 2 columns"),
        ("l\n0\n", "l", "train.csv: line 1, column 1: no column is left for the inputs"),
        ("a,l\n1,0\n2\n", "l", "train.csv: line 3, column 1: only 1 fields, the first line has 2"),
        ("a,l\n1,0,3\n", "l", "train.csv: line 2, column 3: more than 2 fields, the first line has 2"),
        ("a,l\n1,0\nx,1\n", "l", "train.csv: line 3, column 1: 'x' is not a number"),
        ("a,b,l\n1,,0\n", "l", "train.csv: line 2, column 3: '' is not a number"),
        ("a,l\nnan,0\n", "l", "train.csv: line 2, column 1: 'nan' is not a number"),
        ("a,l\ninf,0\n", "l", "train.csv: line 2, column 1: 'inf' is not a number"),
        ("a,l\n0x10,0\n", "l", "train.csv: line 2, column 1: '0x10' is not a number"),
        ("a,l\n1e99,0\n", "l", "train.csv: line 2, column 1: '1e99' is not a finite number after scaling"),
        ("a,l\n1,-1\n", "l", "train.csv: line 2, column 3: label '-1' is not a whole number of 0 to 65535"),
        ("a,l\n1,0\n1,one\n", "l", "train.csv: line 3, column 3: label 'one' is not a whole number of 0 to 65535"),
        ("a,l\n1,70000\n", "l", "train.csv: line 2, column 3: label '70000' is not a whole number of 0 to 65535"),
        ("a,l\n\"1,0\n", "l", "train.csv: line 2, column 1: the quote is not closed in this line"),
        ("a,l\n\"1\"2,0\n", "l", "train.csv: line 2, column 1: text follows the closing quote"),
        ("a,l\n1,0\n\n1,0\n", "l", "train.csv: line 3, column 1: only 1 fields, the first line has 2"),
        ("a,l\n1,0\n", "l", "test.csv: line 2, column 3: label '5' is not a whole number of 0 to 0"),
        ("a,l\n1,zero\n", "l", "test.csv: line 2, column 3: label '5' does not occur in the training part"),
        ("a,b,l\n1,2,6\n", "l", "samples of test.csv have the shape [1], but those of train.csv have [2]"),
    ]

    @Test(arguments: bad)
    func saysWhatIsWrongWithATable(train: String, labels: String, message: String) throws {
        let folder = try Self.folder(train, "a,l\n1,5\n")
        #expect(folder.failure(Self.spec(labels: labels)) == message)
    }

    @Test func labelFilesHaveOneValuePerSample() throws {
        let folder = try Self.folder("1\n2\n", "1\n")
        try folder.write("0\n", "y.csv")
        let spec = Self.spec(labels: "y.csv")
        #expect(
            folder.failure(spec) == "y.csv holds 1 samples, but train.csv holds 2: they must describe the same samples")
        try folder.write("0,1\n1,1\n", "y.csv")
        #expect(folder.failure(spec) == "y.csv: line 1, column 1: one label per line is expected")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func decimalNumbersAreCorrectlyRounded(seed: UInt64) {
        var random = SeededRandom(Seed(seed))
        for _ in 0..<2_000 {
            let digits = String(random.next() >> (random.next() % 64))
            let point = Int(random.next() % UInt64(digits.count + 1))
            let sign = ["", "-", "+"][Int(random.next() % 3)]
            let exponent = ["", "e-7", "E12"][Int(random.next() % 3)]
            let text = sign + digits.prefix(point) + "." + digits.dropFirst(point) + exponent
            // The library wants a digit on both sides of the point.
            let canonical = sign + "0" + digits.prefix(point) + "." + digits.dropFirst(point) + "0" + exponent
            #expect(DecimalNumber.value(Array(text.utf8)[...]) == Double(canonical), "\(text), seed \(seed)")
        }
    }

    @Test(arguments: ["", "-", ".", "1.2.3", "1-2", "e5", "1e", "--1", "1_000", "1 2", "∞"])
    func textIsNotANumber(text: String) {
        #expect(DecimalNumber.value(Array(text.utf8)[...]) == nil)
    }
}
