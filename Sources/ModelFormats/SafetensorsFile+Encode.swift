extension SafetensorsFile {
    /// The bytes of the file, the same for the same tensors and metadata.
    ///
    /// Data are laid out by descending element size and otherwise in the order of `tensors`, after a header padded with
    /// spaces to a multiple of 8: every tensor is aligned to its element size.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` where a name is empty, reserved or repeated, or where shape and data
    ///   disagree; `tooLarge` for a header above `maximumHeaderByteCount`.
    public func encoded() throws(ModelFormatError) -> [UInt8] {
        try validate()
        // A stable sort by hand: Swift's does not promise to be one.
        let widths = Set(tensors.map(\.dtype.byteCount)).sorted(by: >)
        let ordered = widths.flatMap { width in tensors.filter { $0.dtype.byteCount == width } }
        var header = Array(headerText(ordered).utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        guard header.count <= Self.maximumHeaderByteCount else {
            throw .tooLarge(
                what: "bytes of the safetensors header", count: header.count, limit: Self.maximumHeaderByteCount)
        }
        var bytes = littleEndianBytes(CollectionOfOne(UInt64(header.count)))
        bytes.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.data.count })
        bytes += header
        for tensor in ordered { bytes += tensor.data }
        return bytes
    }

    private func validate() throws(ModelFormatError) {
        var names: Set<String> = []
        for tensor in tensors {
            guard !tensor.name.isEmpty, tensor.name != Self.metadataKey else {
                throw .invalidTensor(name: tensor.name, cause: "the name is empty or reserved")
            }
            guard names.insert(tensor.name).inserted else {
                throw .invalidTensor(name: tensor.name, cause: "the name occurs twice")
            }
            guard Self.byteCount(tensor.shape, tensor.dtype) == tensor.data.count else {
                throw .invalidTensor(
                    name: tensor.name,
                    cause: "\(tensor.data.count) bytes of data do not fit \(tensor.dtype.rawValue) of \(tensor.shape)")
            }
        }
    }

    private func headerText(_ ordered: [SafetensorsTensor]) -> String {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            members.append("\(Self.quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in ordered {
            let end = offset + tensor.data.count
            let shape = tensor.shape.map { String($0) }.joined(separator: ",")
            members.append(
                "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A JSON string (RFC 8259, section 7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
