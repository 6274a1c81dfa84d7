import Messages
import Reporting

/// A made-up run of two arms, from which the golden texts are derived.
enum ExampleRun {
    static let target = 0.97

    static func log(
        _ round: Int, _ accuracy: Double?, bytes: Int, rejected: Int = 0, participants: Int = 10
    ) -> RoundLog {
        RoundLog(
            round: round, accuracy: accuracy, int8Accuracy: accuracy.map { $0 - 0.0025 }, upBytes: bytes,
            downBytes: bytes + 1000, seconds: 0.5, participants: participants, rejected: rejected)
    }

    static func arm(_ name: String, logs: [RoundLog]) -> ArmSummary {
        let total = logs.reduce(WireByteCount.zero) { $0 + $1.byteCount }
        let ledger = ByteLedger(entries: [
            .init(client: 0, kind: .updatePayload, byteCount: WireByteCount(up: total.up, down: 0)),
            .init(client: 0, kind: .modelPayload, byteCount: WireByteCount(up: 0, down: total.down)),
            .init(client: 0, kind: .handshake, byteCount: WireByteCount(up: 480, down: 360)),
        ])
        return ArmSummary(
            name: name, rounds: logs.count, clients: 100, parameters: 69690, finalAccuracy: logs.last?.accuracy,
            int8Accuracy: logs.last?.int8Accuracy, modelHash: String(repeating: "ab", count: 32), wallSeconds: 1.5,
            peakRSSBytes: 48_500_000, wire: WireSummary(ledger), roundsLog: logs)
    }

    static let arms = [
        arm(
            "float32",
            logs: [log(1, nil, bytes: 2_800_000), log(2, 0.9725, bytes: 2_800_000), log(3, 0.975, bytes: 2_800_000)]),
        arm(
            "int8",
            logs: [
                log(1, nil, bytes: 700_000), log(2, 0.965, bytes: 700_000, rejected: 2, participants: 8),
                log(3, 0.975, bytes: 700_000),
            ]),
    ]
    static let summary = RunSummary(scenario: "example", seed: .max, arms: arms, targetAccuracy: target)
}
