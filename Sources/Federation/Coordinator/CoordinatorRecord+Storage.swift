import Foundation
import Messages

extension CoordinatorRecord {
    private static let kind = "swltcrec"
    private static let formatVersion: UInt32 = 4

    /// The record as bytes, with a format version and a checksum.
    public func encoded() -> [UInt8] {
        var writer = StoredBytesWriter(kind: Self.kind, version: Self.formatVersion)
        writer.integer(version)
        writer.string(modelHash.bytes)
        writer.floats(master)
        writer.string(lattice)
        writer.floats(average)
        writer.string(coded)
        writer.floats(strategy.first)
        writer.floats(strategy.second)
        writer.integer(UInt64(answerSeconds.count))
        for (number, seconds) in answerSeconds.sorted(by: { $0.key < $1.key }) {
            writer.integer(Int64(number))
            writer.integer(seconds.bitPattern)
        }
        writer.string(report.json())
        writer.integer(UInt64(activations.count))
        for histogram in activations { writer.string(histogram) }
        writer.integer(UInt64(lastUpdates.count))
        for (number, update) in lastUpdates.sorted(by: { $0.key < $1.key }) {
            writer.integer(Int64(number))
            update.write(to: &writer)
        }
        return writer.finish()
    }

    /// Reads what `encoded` made.
    ///
    /// - Throws: `FederationError.damagedState`, `.checksumMismatch`, `.unknownStateVersion`.
    public init(decoding bytes: [UInt8]) throws(FederationError) {
        var reader = try StoredBytesReader(bytes, kind: Self.kind, version: Self.formatVersion)
        let version: UInt32 = try reader.integer("version")
        let modelHash = try reader.digest("model hash")
        let master = try reader.floats("master")
        let lattice = try reader.string("lattice")
        let average = try reader.floats("average")
        let coded = try reader.string("coded steps")
        let strategy = StrategyState(
            first: try reader.floats("first moment"), second: try reader.floats("second moment"))
        let count: UInt64 = try reader.integer("answer times")
        var answerSeconds: [Int: Double] = [:]
        // Every pair is read before the next one is counted on: a wrong count ends at the end of the bytes.
        for _ in 0..<count {
            let number: Int64 = try reader.integer("client number")
            let seconds: UInt64 = try reader.integer("answer time")
            answerSeconds[Int(number)] = Double(bitPattern: seconds)
        }
        let report = try RoundReport(json: try reader.string("report"))
        let points: UInt64 = try reader.integer("activations")
        var activations: [[UInt8]] = []
        for _ in 0..<points { activations.append(try reader.string("activations")) }
        let clients: UInt64 = try reader.integer("last updates")
        var lastUpdates: [Int: LastUpdate] = [:]
        for _ in 0..<clients {
            let number: Int64 = try reader.integer("client number")
            lastUpdates[Int(number)] = try LastUpdate(from: &reader)
        }
        try reader.finish()
        self.init(
            version: version, modelHash: modelHash, master: master, lattice: lattice, average: average, coded: coded,
            strategy: strategy, answerSeconds: answerSeconds, report: report, activations: activations,
            lastUpdates: lastUpdates)
    }
}

extension RoundReport {
    /// The report as JSON with sorted keys.
    public func json() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(self) else { preconditionFailure("a report always has a JSON form") }
        return Array(data)
    }

    /// Reads what `json` made.
    ///
    /// - Throws: `FederationError.damagedState`.
    public init(json: [UInt8]) throws(FederationError) {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { self = try decoder.decode(RoundReport.self, from: Data(json)) } catch { throw .damagedState("report") }
    }
}
