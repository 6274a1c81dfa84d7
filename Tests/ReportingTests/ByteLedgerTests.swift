import Foundation
import Messages
import Reporting
import Testing

struct ByteLedgerTests {
    private let receipt = CoordinatorMessage.receipt(
        .init(session: SessionID(unchecked: [UInt8](repeating: 1, count: 16)), outcome: .accepted))
    private let header = ClientMessage.update(
        .init(
            session: SessionID(unchecked: [UInt8](repeating: 1, count: 16)),
            resultID: ResultID(unchecked: [UInt8](repeating: 2, count: 8)), sampleCount: 3, trainingLoss: 0.5,
            byteCount: 4))

    @Test(arguments: [0, 1, 222, 223, 65536])
    func countsFramingAndEncryptionOfEveryFrame(payload: Int) {
        var ledger = ByteLedger()
        ledger.record(header, frames: [[1, 2, 3], [UInt8](repeating: 0, count: payload)], client: 7)
        #expect(ledger.total(.updateHeader) == WireByteCount(up: 3 + 33 + 2, down: 0))
        #expect(ledger.total(.updatePayload).up == payload + 33 + (payload + 33 > 255 ? 9 : 2))
        #expect(ledger.total(client: 7) == ledger.total)
        #expect(ledger.total(client: 6) == .zero)
    }

    @Test func keepsDirectionsKindsAndClientsApart() {
        var ledger = ByteLedger()
        ledger.record(header, frames: [[1]], client: 0)
        ledger.record(receipt, frames: [[1, 2]], client: 1)
        ledger.record(malformed: [[1, 2, 3]], client: 1)
        ledger.record(WireOverhead(kind: .handshake, upByteCount: 500, downByteCount: 400), client: nil)
        #expect(ledger.total == WireByteCount(up: 36 + 38 + 500, down: 37 + 400))
        #expect(ledger.total(.receipt, client: 1) == WireByteCount(up: 0, down: 37))
        #expect(ledger.total(.malformed, client: 1) == WireByteCount(up: 38, down: 0))
        #expect(ledger.total(client: nil) == WireByteCount(up: 500, down: 400))
        #expect(ledger.clients == [0, 1])
        #expect(ledger.byKind.map(\.kind) == [.updateHeader, .malformed, .receipt, .handshake])
    }

    @Test func differenceIsWhatWasRecordedSince() {
        var ledger = ByteLedger()
        ledger.record(header, frames: [[1]], client: 0)
        let before = ledger
        var expected = ByteLedger()
        for client in [0, 5] {
            ledger.record(receipt, frames: [[1, 2]], client: client)
            expected.record(receipt, frames: [[1, 2]], client: client)
        }
        #expect(ledger.since(before) == expected)
        #expect(ledger.since(ledger) == ByteLedger())
        #expect(ledger.since(ByteLedger()) == ledger)
    }

    @Test func survivesStorage() throws {
        var ledger = ByteLedger()
        ledger.record(header, frames: [[1], [2]], client: 3)
        ledger.record(WireOverhead(kind: .heartbeat, upByteCount: 9, downByteCount: 0), client: nil)
        let data = try JSONEncoder().encode(ledger)
        #expect(try JSONDecoder().decode(ByteLedger.self, from: data) == ledger)
        #expect(ByteLedger(entries: ledger.entries.shuffled()) == ledger)
        var twice = ledger
        twice.merge(ledger)
        #expect(twice.total == ledger.total + ledger.total)
    }

    @Test func kindsOfMessagesHaveStableNames() {
        #expect(
            WireKind.allCases.map(\.rawValue) == [
                "hello", "join", "update_header", "update_chunk_header", "update_payload", "model_request", "decline",
                "goodbye", "malformed", "welcome", "refusal", "announcement", "model_chunk_header", "model_payload",
                "receipt", "finish", "enrolled", "send_on", "roster", "mask_keys", "mask_shares", "mask_reveals",
                "handshake",
                "heartbeat",
            ])
    }
}
