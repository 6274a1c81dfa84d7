import Foundation
import Tensors
import Testing
import UpdateCodec

/// Bytes of every pipeline on small updates that are made from a seed, against what was committed: fewer are welcome,
/// more than 1 % more are a mistake.
///
/// To commit new counts, run with `SWIFTLET_RECORD_RATES` set to the path of `rates.csv`.
struct RateGuardTests {
    static let specifications =
        ["auto", "lowrank", "entropy"].flatMap { name in
            ["0.25", "0.1", "0.03", "0.01"].map { "\(name):nmse=\($0)" }
        } + ["float32", "int8"]
        + UpdateCodecs.names.filter { !["float32", "int8", "auto", "lowrank", "entropy"].contains($0) }

    static let updates = ["steps", "noise", "sparse", "large"]

    /// Near low rank with a row and column profile, plain noise, few large values, and one tensor for the bulk coder.
    static func update(_ name: String) throws -> (ParameterLayout, [Float]) {
        let layout =
            name == "large"
            ? try ParameterLayout([("w", [160, 240], .weight), ("b", [160], .vector)])
            : try ParameterLayout([
                ("conv/weight", [12, 6, 3, 3], .weight), ("conv/bias", [12], .vector),
                ("dense/weight", [24, 12 * 16], .weight), ("dense/bias", [24], .vector), ("mean", [12], .statistic),
            ])
        var random = SeededRandom(Seed(2024).derived("rates", name.utf8.count))
        switch name {
        case "noise": return (layout, (0..<layout.count).map { _ in Float(random.normal()) * 0.01 })
        case "sparse":
            return (layout, (0..<layout.count).map { _ in random.below(40) == 0 ? Float(random.normal()) : 0 })
        default: break
        }
        var update = [Float](repeating: 0, count: layout.count)
        for entry in layout.entries {
            for component in 1...6 {
                let left = (0..<entry.rowCount).map { _ in Float(random.normal()) }
                let right = (0..<entry.columnCount).map { _ in Float(random.normal()) * (random.below(3) == 0 ? 1 : 0.1)
                }
                for index in entry.range {
                    let (row, column) = (index - entry.offset).quotientAndRemainder(dividingBy: entry.columnCount)
                    update[index] += 0.01 * left[row] * right[column] / Float(component)
                }
            }
            for index in entry.range { update[index] += 0.0015 * Float(random.normal()) }
        }
        return (layout, update)
    }

    static func byteCount(_ specification: String, _ name: String) throws -> Int {
        let (layout, update) = try update(name)
        return try UpdateCodecs.named(specification).encode(update, layout: layout, context: CodecFixture.context).count
    }

    static var golden: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/update/rates.csv")
    }

    static func committed() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ";")
            if fields.count == 3 { counts["\(fields[0]);\(fields[1])"] = Int(fields[2]) }
        }
        return counts
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFTLET_RECORD_RATES"] == nil), arguments: updates)
    func spendsNoMoreThanCommitted(name: String) throws {
        let committed = try Self.committed()
        for specification in Self.specifications {
            let before = try #require(committed["\(name);\(specification)"], "\(name) \(specification)")
            let now = try Self.byteCount(specification, name)
            #expect(100 * now <= 101 * before + 50, "\(specification): \(now) bytes, \(before) before")
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFTLET_RECORD_RATES"] != nil))
    func recordsByteCounts() throws {
        var lines = ["update;pipeline;bytes"]
        for name in Self.updates {
            for specification in Self.specifications {
                lines.append("\(name);\(specification);\(try Self.byteCount(specification, name))")
            }
        }
        let path = try #require(ProcessInfo.processInfo.environment["SWIFTLET_RECORD_RATES"])
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
}
