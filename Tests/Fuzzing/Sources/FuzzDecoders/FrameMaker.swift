/// Makes right headers of updates after the example of one (`Docs/update-format.md`, section 1).
///
/// What the checksum starts from is a fact of the layout; it is found as the one start that explains the sample's.
struct FrameMaker {
    private let identifier: UInt8
    private let start: UInt8

    /// - Parameter sample: a valid encoding.
    init(sample: [UInt8]) {
        let length = (sample.dropFirst().firstIndex { $0 < 0x80 } ?? 0) + 1
        let header = Array(sample[..<length])
        guard
            length < sample.count,
            let start = (UInt8.min...UInt8.max).first(where: { Self.crc8(header, start: $0) == sample[length] })
        else { fatalError("the harness is broken: a sample without a header") }
        identifier = sample[0]
        self.start = start
    }

    func frame(_ payload: [UInt8]) -> [UInt8] {
        let header = [identifier] + Self.varint(payload.count)
        return header + [Self.crc8(header, start: start)] + payload
    }

    private static func crc8(_ bytes: [UInt8], start: UInt8) -> UInt8 {
        bytes.reduce(start) { sum, byte in
            (0..<8).reduce(sum ^ byte) { rest, _ in rest & 0x80 == 0 ? rest << 1 : rest << 1 ^ 0x07 }
        }
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
