import Foundation
import Reporting
import Testing

struct CodecTableTests {
    private static func row(_ update: String, bytes: Int, nmse: Double?, encode: Double) -> CodecRow {
        CodecRow(
            file: "x.npz", update: update, pipeline: "auto", parameters: 1000, bytes: bytes,
            bitsPerParameter: Double(bytes) * 8 / 1000, nmse: nmse, encodeMegabytesPerSecond: encode,
            decodeMegabytesPerSecond: 1234.4)
    }

    private let table = CodecTable(updates: ["client0", "client1"], pipelines: ["auto"], style: .plain)

    @Test func columnsAreAligned() {
        let rows = [
            Self.row("client0", bytes: 125, nmse: 0.1, encode: 30),
            Self.row("client1", bytes: 375, nmse: 0, encode: 10),
        ]
        let lines = table.headings + rows.map(table.line) + table.means(rows)
        #expect(Set(lines.dropFirst().map(\.count)).count == 1)
        #expect(lines[2].hasSuffix("       125      1.0000    0.10000     30.0     1234"), "\(lines[2])")
        #expect(lines[4].hasPrefix("mean of 2  "), "\(lines[4])")
    }

    @Test func speedsAreAveragedOverTime() {
        let rows = [
            Self.row("client0", bytes: 125, nmse: 0.1, encode: 30),
            Self.row("client1", bytes: 375, nmse: 0, encode: 10),
        ]
        let mean = table.means(rows).first ?? ""
        #expect(mean.contains("       250      2.0000    0.05000     15.0     1234"), "\(mean)")
        #expect(table.means([rows[0]]).isEmpty)
    }

    @Test func jsonHasEveryKeyAlsoWithoutANumber() throws {
        let data = try JSONEncoder().encode(Self.row("client0", bytes: 125, nmse: nil, encode: 30))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "file", "update", "pipeline", "parameters", "bytes", "bits_per_parameter", "nmse", "encode_mbps",
                "decode_mbps",
            ])
        #expect(object["nmse"] is NSNull)
    }
}
