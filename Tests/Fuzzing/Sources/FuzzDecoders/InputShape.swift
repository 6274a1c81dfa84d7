/// How a fuzz input becomes the bytes of a decoder.
enum InputShape {
    /// As they are: the header's checks see them first.
    case raw
    /// As a payload below a header that is right, so that the payload's decoder sees them.
    case framed
    /// As edits of an encoding that is valid: three bytes each, a position and what it is XORed with, and at last, when
    /// one byte is left over, a truncation.
    case edited

    init(selector: UInt8) {
        switch selector & 3 {
        case 0: self = .raw
        case 1: self = .framed
        default: self = .edited
        }
    }

    /// The bytes to decode.
    func bytes(from input: UnsafeBufferPointer<UInt8>, for decoder: FuzzedDecoder) -> [UInt8] {
        switch self {
        case .raw: Array(input)
        case .framed: decoder.frame(Array(input))
        case .edited: Self.edit(decoder.sample, with: input)
        }
    }

    private static func edit(_ sample: [UInt8], with input: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var bytes = sample
        guard !bytes.isEmpty else { return bytes }
        for edit in stride(from: 0, to: input.count - 2, by: 3) {
            let position = (Int(input[edit]) << 8 | Int(input[edit + 1])) % bytes.count
            bytes[position] ^= input[edit + 2]
        }
        if input.count % 3 == 1, let length = input.last { bytes.removeLast(bytes.count * Int(length) / 256) }
        return bytes
    }
}
