import ModelFormats
import Testing

struct SafetensorsFileTests {
    /// A file of this header and data; the length is the header's unless given.
    private static func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8)
            + data
    }

    /// Two tensors and metadata, written by hand with spaces, escapes and another order than that of the data.
    private static let byHand = file(
        """
        {"b" : {"shape": [ ], "data_offsets": [8, 10], "dtype": "I16"},
        "__metadata__": {"who\\u00e9\\ud83d\\ude00": "a\\n\\"b\\"\\\\"},\t"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}\u{20}
        """, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0xfe, 0xff])

    @Test func readsAFileWrittenByHand() throws {
        let file = try SafetensorsFile(decoding: Self.byHand)
        #expect(file.tensors.map(\.name) == ["a", "b"])
        #expect(file.metadata == ["whoé😀": "a\n\"b\"\\"])
        #expect(file["a"]?.shape == [2, 1])
        #expect(try file["a"]?.floats() == [1, -2])
        #expect(file["b"]?.shape == [])
        #expect(try file["b"]?.integers(as: Int16.self) == [-2])
        #expect(file["c"] == nil)
    }

    @Test func writesTheseBytes() throws {
        let file = SafetensorsFile(
            tensors: [
                SafetensorsTensor(name: "w", shape: [3], values: [Int8(-1), 0, 127]),
                SafetensorsTensor(name: "s", shape: [1], values: [Float(0.5)]),
            ], metadata: ["z": "1", "a": "\u{1}"])
        let header =
            #"{"__metadata__":{"a":"\u0001","z":"1"},"s":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
            + #""w":{"dtype":"I8","shape":[3],"data_offsets":[4,7]}}"#
        let padding = String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        #expect(try file.encoded() == Self.file(header + padding, [0, 0, 0, 0x3f, 0xff, 0, 127]))
    }

    @Test func everyElementTypeSurvives() throws {
        let tensors = SafetensorsTensor.ElementType.allCases.flatMap { type in
            [[], [0], [1], [3, 5], [2, 0, 7], [1, 2, 3, 4]].map { shape in
                let count = shape.reduce(1, *) * type.byteCount
                return SafetensorsTensor(
                    name: "\(type.rawValue)/\(shape)", dtype: type, shape: shape,
                    data: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) })
            }
        }
        let bytes = try SafetensorsFile(tensors: tensors).encoded()
        let decoded = try SafetensorsFile(decoding: bytes)
        #expect(Set(decoded.tensors) == Set(tensors))
        #expect(decoded.metadata.isEmpty)
        #expect(try decoded.encoded().count == bytes.count)
        let aligned = decoded.tensors.reduce(into: (offset: 0, all: true)) { state, tensor in
            state.all = state.all && state.offset % tensor.dtype.byteCount == 0
            state.offset += tensor.data.count
        }
        #expect(aligned.all)
    }

    @Test func aFileWithoutTensorsIsAFile() throws {
        let bytes = try SafetensorsFile(tensors: []).encoded()
        #expect(bytes == Self.file("{}      "))
        #expect(try SafetensorsFile(decoding: bytes).tensors.isEmpty)
    }

    @Test func everyTruncationAndExtensionIsRefused() throws {
        for count in 0..<Self.byHand.count {
            #expect(throws: ModelFormatError.self, "\(count) bytes") {
                try SafetensorsFile(decoding: Array(Self.byHand[..<count]))
            }
        }
        #expect(throws: ModelFormatError.self) { try SafetensorsFile(decoding: Self.byHand + [0]) }
    }

    private static func tensor(_ fields: String, _ name: String = "a") -> String { "{\"\(name)\":{\(fields)}}" }

    private static let bad: [([UInt8], String)] = [
        ([], "byte 0: a safetensors file begins with 8 bytes of length: truncated"),
        (file("{}", length: 3), "byte 10: the header should take 3 bytes, the file ends before: truncated"),
        (
            file("{}", length: 1 << 24 + 1),
            "bytes of the safetensors header: 16777217 is more than the limit of 16777216"
        ),
        (file("{}", length: .max), "bytes of the safetensors header: \(Int.max) is more than"),
        (file(""), "byte 8: the header must begin with '{'"),
        (file(" {}"), "byte 8: the header must begin with '{'"),
        (file("[]"), "byte 8: the header must begin with '{'"),
        (file("{}x"), "byte 10: only spaces may follow the header's JSON"),
        (file("{}\n"), "byte 10: only spaces may follow the header's JSON"),
        (file("{"), "byte 9: '\"' expected"),
        (file("{}", [1, 2]), "byte 10: 2 bytes follow the data of the last tensor"),
        (file("{\"a\":3}"), "byte 13: '{' expected"),
        (file("{\"a\":{},}"), "tensor 'a' lacks dtype, shape or two data_offsets"),
        (file("{\"\":{}}"), "the name '' is empty or occurs twice"),
        (file("{\"__metadata__\":{\"a\":1}}"), "'\"' expected"),
        (file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}"), "the metadata key 'a' occurs twice"),
        (file("{\"__metadata__\":{},\"__metadata__\":{}}"), "the name '__metadata__' is empty or occurs twice"),
        (file("{\"a\\q\":{}}"), "byte 12: an unknown escape in a string"),
        (file("{\"\\ud800\":{}}"), "half of a surrogate pair"),
        (file("{\"\\ud800\\u0041\":{}}"), "half of a surrogate pair"),
        (file("{\"\\u00g0\":{}}"), "four hexadecimal digits expected"),
        (file("{\"a\u{1}\":{}}"), "a control character inside a string"),
        (file(tensor(#""dtype":"F64","shape":[1],"data_offsets":[0,8]"#)), "elements of type 'F64' are not accepted"),
        (file(tensor(#""dtype":"f32","shape":[1],"data_offsets":[0,4]"#)), "elements of type 'f32' are not accepted"),
        (file(tensor(#""dtype":"U8","dtype":"U8","shape":[]"#)), "unknown or repeated key 'dtype' of tensor 'a'"),
        (file(tensor(#""dtype":"U8","more":1"#)), "unknown or repeated key 'more' of tensor 'a'"),
        (file(tensor(#""dtype":"U8","shape":[1],"data_offsets":[0]"#), [0]), "lacks dtype, shape or two data_offsets"),
        (file(tensor(#""dtype":"U8","shape":[1],"data_offsets":[0,1,1]"#), [0]), "more than 2 numbers"),
        (file(tensor(#""dtype":"U8","shape":[-1],"data_offsets":[0,1]"#), [0]), "a whole number of 0 to"),
        (file(tensor(#""dtype":"U8","shape":[1.0],"data_offsets":[0,1]"#), [0]), "']' expected"),
        (file(tensor(#""dtype":"U8","shape":[01],"data_offsets":[0,1]"#), [0]), "a whole number of 0 to"),
        (file(tensor(#""dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]"#), [0]), "a whole number of"),
        (
            file(tensor(#""dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]"#), [0]),
            "more than 16 numbers"
        ),
        (
            file(tensor(#""dtype":"U8","shape":[2],"data_offsets":[0,1]"#), [0]),
            "tensor 'a': data at 0..<1 do not fit U8 of [2]"
        ),
        (
            file(tensor(#""dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]"#)),
            "tensor 'a': data at 0..<0 do not fit F32 of [4294967296, 4294967296]"
        ),
        (
            file(tensor(#""dtype":"U8","shape":[0],"data_offsets":[1,0]"#), [0]),
            "tensor 'a': data at 1..<0 leave a hole behind those before, which end at 0"
        ),
        (
            file(tensor(#""dtype":"U8","shape":[2],"data_offsets":[0,2]"#), [0]),
            "tensor 'a': data end at 2, the file holds 1 bytes: truncated"
        ),
        (
            file(tensor(#""dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]"#), [0]),
            "the file holds 1 bytes: truncated"
        ),
        (
            file(two(#""data_offsets":[0,2]"#, #""data_offsets":[1,3]"#), [0, 0, 0]),
            "tensor 'b': data at 1..<3 overlap those before, which end at 2"
        ),
        (
            file(two(#""data_offsets":[0,2]"#, #""data_offsets":[3,5]"#), [0, 0, 0, 0, 0]),
            "tensor 'b': data at 3..<5 leave a hole behind those before, which end at 2"
        ),
        (
            file(two(#""data_offsets":[0,2]"#, #""data_offsets":[0,2]"#), [0, 0]),
            "tensor 'b': data at 0..<2 overlap those before, which end at 2"
        ),
        (
            file(two(#""data_offsets":[0,2]"#, #""data_offsets":[2,4]"#, second: "a"), [0, 0, 0, 0]),
            "the name 'a' is empty or occurs twice"
        ),
        (
            file(two(#""data_offsets":[0,2]"#, #""data_offsets":[2,4]"#, second: "\\u0061"), [0, 0, 0, 0]),
            "the name 'a' is empty or occurs twice"
        ),
    ]

    /// A header of two tensors of two bytes each.
    private static func two(_ offsetsA: String, _ offsetsB: String, second: String = "b") -> String {
        #"{"a":{"dtype":"U8","shape":[2],"# + offsetsA + "},\"" + second + #"":{"dtype":"U8","shape":[2],"# + offsetsB
            + "}}"
    }

    @Test(arguments: bad)
    func saysWhatIsWrong(bytes: [UInt8], message: String) {
        let error = #expect(throws: ModelFormatError.self) { try SafetensorsFile(decoding: bytes) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func namesThatAreNotUTF8AreRefused() {
        var bytes = Self.file(Self.tensor(#""dtype":"U8","shape":[0],"data_offsets":[0,0]"#))
        bytes[10] = 0xff
        let error = #expect(throws: ModelFormatError.self) { try SafetensorsFile(decoding: bytes) }
        #expect(error?.description == "byte 10: a string that is not UTF-8")
    }

    @Test(arguments: [
        SafetensorsTensor(name: "", shape: [1], values: [Float(1)]),
        SafetensorsTensor(name: "__metadata__", shape: [1], values: [Float(1)]),
        SafetensorsTensor(name: "taken", shape: [1], values: [Float(1)]),
        SafetensorsTensor(name: "a", shape: [2], values: [Float(1)]),
        SafetensorsTensor(name: "a", shape: [-1], values: [Int8(1)]),
        SafetensorsTensor(name: "a", shape: [.max, .max], values: [Int16(1)]),
        SafetensorsTensor(name: "a", dtype: .int64, shape: [1], data: [0, 0, 0, 0]),
    ])
    func doesNotWriteWhatItWouldNotRead(tensor: SafetensorsTensor) {
        let taken = SafetensorsTensor(name: "taken", shape: [], values: [Int32(3)])
        #expect(throws: ModelFormatError.self) { try SafetensorsFile(tensors: [taken, tensor]).encoded() }
    }

    @Test func tensorsAreReadAsTheTypeTheyHave() throws {
        let tensor = SafetensorsTensor(name: "a", shape: [2], values: [Int32.min, .max])
        #expect(try tensor.integers(as: Int32.self) == [.min, .max])
        #expect(throws: ModelFormatError.invalidTensor(name: "a", cause: "holds I32, not F32")) { try tensor.floats() }
        #expect(throws: ModelFormatError.invalidTensor(name: "a", cause: "holds I32, not I8")) {
            try tensor.integers(as: Int8.self)
        }
    }

    /// One changed byte gives an error, or a file that is written and read back as itself.
    @Test func damagedFilesNeverCrash() throws {
        for index in Self.byHand.indices {
            for value in [UInt8(0), 0x22, 0x30, 0x39, 0x5c, 0x7b, 0x7d, 0xff] {
                var bytes = Self.byHand
                bytes[index] = value
                guard let file = try? SafetensorsFile(decoding: bytes) else { continue }
                let again = try SafetensorsFile(decoding: try file.encoded())
                #expect(Set(again.tensors) == Set(file.tensors), "byte \(index) is \(value)")
                #expect(again.metadata == file.metadata, "byte \(index) is \(value)")
            }
        }
    }
}
