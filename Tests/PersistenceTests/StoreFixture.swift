import Federation
import Foundation
import Messages
import Persistence
import Reporting

/// Made-up rounds whose every field depends on the version, so that parts of two versions cannot pass for one.
enum StoreFixture {
    static let parameterCount = 3_000

    static func record(_ version: UInt32) -> CoordinatorRecord {
        let hash = Digest(unchecked: [UInt8](repeating: UInt8(truncatingIfNeeded: version &+ 1), count: 32))
        var report = RoundReport(
            round: Int(version), attempt: 1, version: version, modelHash: hash, cohort: Array(0...Int(version)))
        report.outcome = .published
        report.participants = [0]
        report.seconds = Double(version) / 4
        report.evaluation = Evaluation(accuracy: 0.5, int8Accuracy: 0.25, loss: Double(version))
        let values = (0..<parameterCount).map { Float($0) + Float(version) / 8 }
        return CoordinatorRecord(
            version: version, modelHash: hash, master: values,
            lattice: values.map { UInt8(truncatingIfNeeded: Int($0)) ^ UInt8(truncatingIfNeeded: version) },
            strategy: StrategyState(first: values.map { -$0 }, second: values.map { $0 * 2 }),
            answerSeconds: [0: 1.5, Int(version): 0.25], report: report)
    }

    /// All bytes up to the end of a round.
    static func ledger(_ version: UInt32) -> ByteLedger {
        ByteLedger(entries: [
            .init(client: nil, kind: .handshake, byteCount: WireByteCount(up: 480, down: 360)),
            .init(client: 0, kind: .updatePayload, byteCount: WireByteCount(up: 1000 * Int(version), down: 0)),
            .init(client: 7, kind: .modelPayload, byteCount: WireByteCount(up: 0, down: 999 * Int(version))),
        ])
    }

    static func key(_ byte: UInt8) -> PeerID { PeerID(unchecked: [UInt8](repeating: byte, count: 32)) }
}
