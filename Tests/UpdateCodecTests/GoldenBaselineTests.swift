import Foundation
import Tensors
import Testing
import UpdateCodec

/// Messages of the other papers' pipelines that every later build must read: `Tests/Golden/update/baselines.csv` holds
/// pipeline, message in hexadecimal, sum of squares of what it decodes to, and a sum weighted by position.
///
/// They were written by the codecs themselves from `GoldenUpdateTests.update`, and are written anew to the path in
/// `SWIFTLET_RECORD_BASELINES`.
struct GoldenBaselineTests {
    private static let recordPath = ProcessInfo.processInfo.environment["SWIFTLET_RECORD_BASELINES"]

    static let names = UpdateCodecs.names.filter { !["float32", "int8", "auto", "lowrank", "entropy"].contains($0) }

    static var golden: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/update/baselines.csv")
    }

    private static func decode(_ name: String, _ bytes: [UInt8]) throws -> (squares: Double, weighted: Double) {
        let layout = try GoldenUpdateTests.layout()
        var output = [Float](repeating: 0, count: layout.count)
        try UpdateCodecs.named(name).decode(bytes, layout: layout, context: CodecFixture.context, into: &output)
        return (
            output.reduce(0.0) { $0 + Double($1) * Double($1) },
            output.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * Double($1.element) }
        )
    }

    private static func messages() throws -> [String: (bytes: [UInt8], squares: Double, weighted: Double)] {
        var found: [String: (bytes: [UInt8], squares: Double, weighted: Double)] = [:]
        for line in try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ";").map(String.init)
            let digits = Array(fields[1])
            let bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
                try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
            }
            found[fields[0]] = (bytes, try #require(Double(fields[2])), try #require(Double(fields[3])))
        }
        return found
    }

    @Test(.enabled(if: recordPath == nil), arguments: names)
    func goldenMessagesDecodeToTheSameValues(name: String) throws {
        let golden = try #require(try Self.messages()[name])
        let found = try Self.decode(name, golden.bytes)
        #expect(abs(found.squares - golden.squares) <= 1e-6 * abs(golden.squares))
        #expect(abs(found.weighted - golden.weighted) <= 1e-5 * (abs(golden.weighted) + abs(golden.squares)))
    }

    @Test(.enabled(if: recordPath == nil), arguments: names)
    func goldenMessagesCutShortOrDamagedAreRefused(name: String) throws {
        let bytes = try #require(try Self.messages()[name]).bytes
        for count in 0..<bytes.count {
            #expect(throws: CodecError.self, "\(count) bytes") { try Self.decode(name, Array(bytes[..<count])) }
        }
        for bit in 0..<(8 * 3) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: CodecError.self, "bit \(bit)") { try Self.decode(name, damaged) }
        }
        #expect(throws: CodecError.trailingBytes(1)) { try Self.decode(name, bytes + [1]) }
    }

    @Test(.enabled(if: recordPath != nil))
    func recordsMessages() throws {
        let layout = try GoldenUpdateTests.layout()
        let update = GoldenUpdateTests.update(layout)
        var lines = ["pipeline;message;squares;weighted"]
        for name in Self.names {
            let bytes = try UpdateCodecs.named(name).encode(update, layout: layout, context: CodecFixture.context)
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let found = try Self.decode(name, bytes)
            lines.append("\(name);\(digits);\(found.squares);\(found.weighted)")
        }
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: try #require(Self.recordPath), atomically: true, encoding: .utf8)
    }
}
