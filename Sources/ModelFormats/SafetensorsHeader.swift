/// The JSON header of a safetensors file, syntax checked, offsets not yet.
struct SafetensorsHeader {
    /// What the header says of one tensor.
    struct Entry {
        let name: String
        let dtype: SafetensorsTensor.ElementType
        let shape: [Int]
        /// Offsets in the data, in bytes.
        let begin: Int
        let end: Int
    }

    /// Most dimensions of a tensor.
    private static let maximumRank = 16

    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]

    /// Reads the whole header; only spaces may follow its JSON.
    init(_ scanner: inout JSONScanner) throws(ModelFormatError) {
        guard scanner.isAt("{") else { throw scanner.failure("the header must begin with '{'") }
        var names: Set<String> = []
        try scanner.object { scanner, name throws(ModelFormatError) in
            guard !name.isEmpty, names.insert(name).inserted else {
                throw scanner.failure("the name '\(name)' is empty or occurs twice")
            }
            if name == SafetensorsFile.metadataKey {
                metadata = try Self.strings(&scanner)
            } else {
                entries.append(try Self.entry(name, &scanner))
            }
        }
        try scanner.expectOnlySpaces()
    }

    private static func strings(_ scanner: inout JSONScanner) throws(ModelFormatError) -> [String: String] {
        var result: [String: String] = [:]
        try scanner.object { scanner, key throws(ModelFormatError) in
            let value = try scanner.string()
            guard result.updateValue(value, forKey: key) == nil else {
                throw scanner.failure("the metadata key '\(key)' occurs twice")
            }
        }
        return result
    }

    private static func entry(_ name: String, _ scanner: inout JSONScanner) throws(ModelFormatError) -> Entry {
        var dtype: SafetensorsTensor.ElementType?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key throws(ModelFormatError) in
            switch key {
            case "dtype" where dtype == nil: dtype = try elementType(&scanner)
            case "shape" where shape == nil: shape = try scanner.naturalNumbers(atMost: maximumRank)
            case "data_offsets" where offsets == nil: offsets = try scanner.naturalNumbers(atMost: 2)
            default: throw scanner.failure("unknown or repeated key '\(key)' of tensor '\(name)'")
            }
        }
        guard let dtype, let shape, let offsets, offsets.count == 2 else {
            throw scanner.failure("tensor '\(name)' lacks dtype, shape or two data_offsets")
        }
        return Entry(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func elementType(
        _ scanner: inout JSONScanner
    ) throws(ModelFormatError) -> SafetensorsTensor.ElementType {
        let word = try scanner.string()
        guard let type = SafetensorsTensor.ElementType(rawValue: word) else {
            let known = SafetensorsTensor.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
            throw scanner.failure("elements of type '\(word)' are not accepted (\(known))")
        }
        return type
    }
}
