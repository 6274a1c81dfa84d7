import Federation
import Messages
import Testing

struct StorageTests {
    private static let digest = Digest(unchecked: [UInt8](0..<32))

    static let clientStates: [ClientState] = [
        ClientState(),
        ClientState(parameters: Array("{}".utf8), clientNumber: 0),
        ClientState(
            parameters: [1], clientNumber: 77, held: HeldModel(version: 4, modelHash: digest, bytes: [9, 8, 7]),
            residual: [0.5, -0.0, .leastNonzeroMagnitude],
            pending: PendingUpdate(
                round: 5, version: 4, modelHash: digest, bytes: [1, 2, 3], sampleCount: 12, trainingLoss: 0.75,
                residualAfter: [])),
        ClientState(
            pending: PendingUpdate(
                round: 5, version: 4, modelHash: digest, bytes: [1], sampleCount: 1, trainingLoss: 0,
                residualAfter: [1],
                made: LastUpdate(round: 5, tag: 8, values: [2, 3]), predictedFrom: 4),
            lastUpdate: LastUpdate(round: 4, tag: .max, values: [-1, 0.5])),
        ClientState(
            maskedSession: SessionID(unchecked: [UInt8](1...16)), roster: [4, 5, 6],
            rosterEpochs: [Fixtures.federation: 7, FederationID(unchecked: [UInt8](1...16)): .max]),
    ]

    private static func record() -> CoordinatorRecord {
        var report = RoundReport(round: 3, attempt: 1, version: 3, modelHash: digest, cohort: [1, 2, 5])
        report.outcome = .published
        report.participants = [1, 5]
        report.rejected = [.late: 2, .notFinite: 1]
        report.declined = ["busy": 1]
        report.evaluation = Evaluation(accuracy: 0.9, int8Accuracy: 0.89, loss: .infinity)
        return CoordinatorRecord(
            version: 3, modelHash: digest, master: [1, -2.5, 0], lattice: [4, 5], average: [0.5, 0, -1], coded: [6],
            strategy: StrategyState(first: [1, 2, 3], second: []), answerSeconds: [2: 0.25, 1: 3], report: report,
            activations: [[1, 2, 3], []],
            lastUpdates: [
                4: LastUpdate(round: 3, tag: 9, values: [1, 0, -1]), 1: LastUpdate(round: 2, tag: 0, values: []),
            ])
    }

    @Test(arguments: clientStates) func clientStateComesBackAsItWas(state: ClientState) throws {
        #expect(try ClientState(decoding: state.encoded()) == state)
    }

    @Test(arguments: clientStates) func damagedClientStateIsRefused(state: ClientState) {
        Self.expectRefused(state.encoded()) { bytes throws(FederationError) in _ = try ClientState(decoding: bytes) }
    }

    @Test func recordComesBackAsItWas() throws {
        let bytes = Self.record().encoded()
        #expect(try CoordinatorRecord(decoding: bytes) == Self.record())
        #expect(try CoordinatorRecord(decoding: bytes).encoded() == bytes)
    }

    @Test func damagedRecordIsRefused() {
        Self.expectRefused(Self.record().encoded()) { bytes throws(FederationError) in
            _ = try CoordinatorRecord(decoding: bytes)
        }
    }

    @Test func oneStateIsNotTakenForTheOther() {
        #expect(throws: FederationError.damagedState("kind")) {
            try ClientState(decoding: Self.record().encoded())
        }
    }

    private static func expectRefused(_ bytes: [UInt8], _ decode: ([UInt8]) throws(FederationError) -> Void) {
        for count in 0..<bytes.count {
            #expect(throws: FederationError.self) { try decode(Array(bytes[..<count])) }
        }
        for bit in 0..<(8 * bytes.count) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: FederationError.self) { try decode(damaged) }
        }
        #expect(throws: FederationError.self) { try decode(bytes + [0]) }
    }
}
