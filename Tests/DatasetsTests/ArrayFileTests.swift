import Datasets
import Tensors
import Testing

/// IDX and `.npy` files, plain and compressed, good and bad.
struct ArrayFileTests {
    private static let idxSpec = spec(.idx)
    private static let npySpec = spec(.npy)

    private static func spec(_ kind: FileDatasetSpec.Kind) -> DatasetSpec {
        .files(
            FileDatasetSpec(
                kind: kind, trainInputs: "x", trainLabels: "y", trainClients: "c", testInputs: "xt", testLabels: "yt"))
    }

    /// Two training samples and one test sample of 2×3 bytes.
    private static func writeIDX(_ folder: DataFolder) throws {
        try folder.write(idx(8, [2, 2, 3], Array(0..<12)), "x")
        try folder.write(idx(8, [2], [1, 2]), "y")
        try folder.write(idx(8, [2], [7, 9]), "c")
        try folder.write(idx(8, [1, 2, 3], Array(250...255)), "xt")
        try folder.write(idx(8, [1], [0]), "yt")
    }

    @Test func bytesOfRankTwoBecomeImagesWithOneChannel() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        let pair = try folder.load(Self.idxSpec)
        #expect(pair.train.inputShape == [1, 2, 3])
        #expect(pair.train.inputs == (0..<12).map { Float($0) })
        #expect(pair.train.labels == [1, 2])
        #expect(pair.train.classCount == 3)
        #expect(pair.train.clientIDs == [7, 9])
        #expect(pair.test.inputs == (250...255).map { Float($0) })
        #expect(pair.test.labels == [0])
        #expect(pair.test.clientIDs == nil)
    }

    @Test func inputsAreScaledThenShiftedAndReshaped() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        let files = FileDatasetSpec(
            kind: .idx, trainInputs: "x", trainLabels: "y", testInputs: "xt", testLabels: "yt", inputScale: 0.5,
            inputShift: -1, inputShape: [6])
        let pair = try folder.load(.files(files))
        #expect(pair.train.inputShape == [6])
        #expect(pair.train.inputs == (0..<12).map { Float($0) * 0.5 - 1 })
    }

    private static let elementTypes: [(UInt8, [UInt8], [Float])] = [
        (0x09, [0xff, 0x7f], [-1, 127]),
        (0x0b, [0xff, 0xfe, 0x01, 0x2c], [-2, 300]),
        (0x0c, [0xff, 0xfe, 0xee, 0x90, 0, 0, 0, 1], [-70_000, 1]),
        (0x0d, [0x3f, 0xc0, 0, 0, 0xbe, 0x80, 0, 0], [1.5, -0.25]),
        (0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0], [1.5, -2]),
    ]

    @Test(arguments: elementTypes)
    func readsEveryIDXElementType(type: UInt8, body: [UInt8], expected: [Float]) throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        try folder.write(idx(type, [2, 1], body), "x")
        try folder.write(idx(type, [1, 1], Array(body.prefix(body.count / 2))), "xt")
        #expect(try folder.load(Self.idxSpec).train.inputs == expected)
    }

    @Test func compressedFilesHoldTheSame() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        let plain = try folder.load(Self.idxSpec)
        let x = idx(8, [2, 2, 3], Array(0..<12))
        try folder.write(gzip(x), "x")
        #expect(try folder.load(Self.idxSpec).train.inputs == plain.train.inputs)
        try folder.write(gzip(Array(x[..<9])) + gzip(Array(x[9...])), "x")
        #expect(try folder.load(Self.idxSpec).train.inputs == plain.train.inputs, "two members are one stream")
    }

    @Test func compressedFilesOfManyBlocksAreRead() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        let body = (0..<(2 * 300 * 333)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try folder.write(gzip(idx(8, [2, 300, 333], body)), "x")
        try folder.write(idx(8, [1, 300, 333], Array(body.prefix(300 * 333))), "xt")
        #expect(try folder.load(Self.idxSpec).train.inputs == body.map { Float($0) })
    }

    /// Name of the file that is replaced, its bytes, and the message.
    private static let badIDX: [(String, [UInt8], String)] = [
        ("x", [], "x: byte 0: the IDX magic number should take 4 bytes, but 0 follow: file truncated or header wrong"),
        ("x", [1, 0, 8, 1], "x: byte 0: an IDX file begins with 00 00, not 01 00"),
        ("x", [0, 0, 7, 1], "x: byte 2: 07 is no IDX element type (08, 09, 0b, 0c, 0d, 0e)"),
        ("x", [0, 0, 8, 0], "x: byte 3: 0 dimensions, 1 to 8 are accepted"),
        (
            "x", [0, 0, 8, 2, 0, 0, 0, 1],
            "x: byte 4: the 2 sizes of the array should take 8 bytes, but 4 follow: file truncated or header wrong"
        ),
        ("x", idx(8, [2, 0], []), "x: byte 8: size 1 of the array is 0"),
        (
            "x", idx(8, [2, 2, 3], Array(0..<11)),
            "x: byte 16: the array of [2, 2, 3] should take 12 bytes, but 11 follow: file truncated or header wrong"
        ),
        ("x", idx(8, [2, 2, 3], Array(0..<13)), "x: byte 28: bytes follow the end of the array of [2, 2, 3]"),
        (
            "x", idx(8, [2, 1 << 20, 1 << 20], []),
            "x: elements of an array of [2, 1048576, 1048576]: 2199023255552 is more than the limit of 268435456"
        ),
        (
            "x", idx(13, [2, 2], bigEndian(UInt32(0)) + bigEndian(Float.nan.bitPattern) + bigEndian(UInt64(0))),
            "x: byte 16: value 1 is not a finite number after scaling (nan)"
        ),
        (
            "x", idx(14, [2, 1], bigEndian(UInt64(0)) + bigEndian(Double(1e300).bitPattern)),
            "x: byte 20: value 1 is not a finite number after scaling (inf)"
        ),
        (
            "x", idx(8, [2, 1, 1, 1, 1], [1, 2]),
            "x: byte 24: samples have 4 dimensions, at most 3 are accepted: [2, 1, 1, 1, 1]"
        ),
        ("y", idx(8, [3], [0, 1, 2]), "y holds 3 samples, but x holds 2: they must describe the same samples"),
        ("y", idx(9, [2], [0, 0xff]), "y: byte 9: label -1 of sample 1 is out of range 0…65535"),
        ("y", idx(8, [2, 1], [0, 1]), "y: byte 12: labels must be one row, not [2, 1]"),
        ("y", idx(13, [2], [0, 0, 0, 0, 0, 0, 0, 0]), "y: byte 8: labels must be whole numbers, not float32"),
        ("c", idx(8, [1], [0]), "c holds 1 samples, but x holds 2: they must describe the same samples"),
        ("yt", idx(8, [1], [3]), "yt: byte 8: label 3 of sample 0 is out of range 0…2"),
        (
            "xt", idx(8, [1, 3, 2], Array(0..<6)),
            "samples of xt have the shape [1, 3, 2], but those of x have [1, 2, 3]"
        ),
    ]

    @Test(arguments: badIDX)
    func saysWhatIsWrongWithAnIDXFile(name: String, bytes: [UInt8], message: String) throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        try folder.write(bytes, name)
        #expect(folder.failure(Self.idxSpec) == message)
    }

    @Test func everyTruncationOfACompressedFileIsAnError() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        let whole = gzip(idx(8, [2, 2, 3], Array(0..<12)))
        for count in 0..<whole.count {
            try folder.write(Array(whole[..<count]), "x")
            #expect(folder.failure(Self.idxSpec).hasPrefix("x: byte "), "\(count) bytes")
        }
    }

    @Test func corruptCompressedFilesAreErrors() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        var bytes = gzip(idx(8, [2, 2, 3], Array(0..<12)))
        try folder.write(bytes + [1, 2, 3], "x")
        #expect(folder.failure(Self.idxSpec).contains("bytes that are not gzip follow the end of the stream"))
        bytes[31] ^= 1  // the first element: only the checksum tells
        try folder.write(bytes, "x")
        #expect(folder.failure(Self.idxSpec).contains("the gzip stream is corrupt"))
        try folder.write(gzip(idx(8, [2, 2, 3], Array(0..<11))), "x")
        #expect(folder.failure(Self.idxSpec).contains("byte 27 after decompression"))
    }

    @Test func sizesThatTheFileCannotHoldAreNotAllocated() throws {
        let folder = try DataFolder()
        try Self.writeIDX(folder)
        try folder.write(gzip(idx(8, [2, 10_000, 10_000], [1])), "x")
        #expect(folder.failure(Self.idxSpec).contains("should take 200000000 bytes, but at most"))
    }

    @Test func missingFilesSayWhereTheyWereLookedUp() throws {
        let folder = try DataFolder()
        let message = folder.failure(Self.idxSpec)
        #expect(message.hasPrefix("no file 'x' (the data folder is"))
        #expect(message.contains("--data or SWIFTLET_DATA"))
    }
}

extension ArrayFileTests {
    /// Two training samples and one test sample of 2×2 floats.
    private static func writeNPY(_ folder: DataFolder) throws {
        try folder.write(npy("'<f4'", "(2, 2, 2)", littleEndian([1, 2, 3, 4, 5, 6, 7, 8.5])), "x")
        try folder.write(npy("'<i8'", "(2,)", littleEndian(Int64(0)) + littleEndian(Int64(4))), "y")
        try folder.write(npy("'<u2'", "(2,)", littleEndian(UInt16(1)) + littleEndian(UInt16(60_000))), "c")
        try folder.write(npy("'<f4'", "(1, 2, 2)", littleEndian([0, 0, 0, -1])), "xt")
        try folder.write(npy("'|i1'", "(1,)", [3]), "yt")
    }

    @Test func floatsOfRankTwoAreChannelsOverTime() throws {
        let folder = try DataFolder()
        try Self.writeNPY(folder)
        let pair = try folder.load(Self.npySpec)
        #expect(pair.train.inputShape == [2, 2])
        #expect(pair.train.inputs == [1, 2, 3, 4, 5, 6, 7, 8.5])
        #expect(pair.train.labels == [0, 4])
        #expect(pair.train.classCount == 5)
        #expect(pair.train.clientIDs == [1, 60_000])
        #expect(pair.test.labels == [3])
    }

    @Test func readsLongHeadersAndVersionTwo() throws {
        let folder = try DataFolder()
        try Self.writeNPY(folder)
        let header = Array("{\"shape\": (2,2,2), \"fortran_order\": False, \"descr\": \"<f4\"}\n".utf8)
        let start = [0x93] + Array("NUMPY".utf8) + [2, 0] + littleEndian(UInt32(header.count))
        try folder.write(gzip(start + header + littleEndian([1, 2, 3, 4, 5, 6, 7, 8])), "x")
        #expect(try folder.load(Self.npySpec).train.inputs == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    private static let badNPY: [(String, [UInt8], String)] = [
        ("x", Array("NUMPY   ".utf8), "a .npy file begins with \\x93NUMPY"),
        ("x", [0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0], "byte 6: .npy version 4 is unknown"),
        (
            "x", [0x93] + Array("NUMPY".utf8) + [2, 0] + littleEndian(UInt32.max),
            "bytes of the .npy header: 4294967295 is more than the limit of 10000"
        ),
        ("x", npy("'<f4'", "(2, 4)", [], fortran: "True"), "byte 10: the array is in Fortran order"),
        ("x", npy("'|O'", "(2, 4)", []), "pickled Python objects, which are never loaded"),
        ("x", npy("'>f4'", "(2, 4)", []), "byte 20: the elements '>f4' are big-endian"),
        ("x", npy("'<f2'", "(2, 4)", []), "elements of type '<f2' are not accepted"),
        ("x", npy("[('a', '<f4')]", "(2, 4)", []), "structured arrays are not accepted"),
        ("x", npy("'<f4'", "()", [0, 0, 0, 0]), "a single number is no array"),
        ("x", npy("'<f4'", "(2, 0)", []), "every size of the array must be a whole number of at least 1"),
        ("x", npy("'<f4'", "(2, -1)", []), "every size of the array must be a whole number of at least 1"),
        ("x", npy("'<f4'", "(99999999999, 99999999999)", []), "is more than the limit of 268435456"),
        ("x", npy("'<f4'", "(1,1,1,1,1,1,1,1,1)", [0, 0, 0, 0]), "more than 8 dimensions"),
        ("x", npy("'<f4', 'descr': '<f4'", "(2, 4)", []), "unexpected or repeated key 'descr'"),
        ("x", npy("'<f4', 'more': 1", "(2, 4)", []), "unexpected or repeated key 'more'"),
        ("x", npy("'<f4'", "(2, 4)", [0]), "the array of [2, 4] should take 32 bytes, but 1 follow"),
        ("x", npy("'<f4'", "(2, 1)", littleEndian([0, .infinity])), "value 1 is not a finite number"),
        ("y", npy("'<i8'", "(2,)", littleEndian(Int64(0)) + littleEndian(Int64.max)), "out of range 0…65535"),
        ("y", npy("'<u8'", "(2,)", littleEndian(UInt64.max) + littleEndian(UInt64(0))), "of sample 0 is out of range"),
        ("y", npy("'<f4'", "(2,)", littleEndian([0, 1])), "labels must be whole numbers, not float32"),
    ]

    @Test(arguments: badNPY)
    func saysWhatIsWrongWithANumPyFile(name: String, bytes: [UInt8], message: String) throws {
        let folder = try DataFolder()
        try Self.writeNPY(folder)
        try folder.write(bytes, name)
        let failure = folder.failure(Self.npySpec)
        #expect(failure.hasPrefix("\(name): "))
        #expect(failure.contains(message), "\(failure)")
    }

    @Test func everyTruncationOfANumPyFileIsAnError() throws {
        let folder = try DataFolder()
        try Self.writeNPY(folder)
        let whole = npy("'<f4'", "(2, 2, 2)", littleEndian([1, 2, 3, 4, 5, 6, 7, 8.5]))
        for count in 0..<whole.count {
            try folder.write(Array(whole[..<count]), "x")
            #expect(folder.failure(Self.npySpec).hasPrefix("x: byte "), "\(count) bytes")
        }
    }

    /// Whatever bytes change, loading ends with data that fit together or with an error that names the file.
    @Test(arguments: [FileDatasetSpec.Kind.idx, .npy], [false, true])
    func damagedFilesNeverCrash(kind: FileDatasetSpec.Kind, isCompressed: Bool) throws {
        let folder = try DataFolder()
        if kind == .idx { try Self.writeIDX(folder) } else { try Self.writeNPY(folder) }
        let plain =
            kind == .idx
            ? idx(8, [2, 2, 3], Array(0..<12)) : npy("'<f4'", "(2, 2, 2)", littleEndian([1, 2, 3, 4, 5, 6, 7, 8]))
        let whole = isCompressed ? gzip(plain) : plain
        for seed in UInt64(0)..<300 {
            var random = SeededRandom(Seed(seed))
            var bytes = whole
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            try folder.write(bytes, "x")
            let message = folder.failure(Self.spec(kind))
            #expect(message == "no failure" || message.contains("x: ") || message.contains(" x "), "seed \(seed)")
        }
    }
}
