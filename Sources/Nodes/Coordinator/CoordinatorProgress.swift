import Federation
import Foundation
import Messages
import Reporting
import Training

/// What a coordinator tells people and programs while it runs; one line of JSON each with `--progress json`.
public enum CoordinatorProgress: Codable, Sendable {
    /// Clients can connect.
    case listening(Listening)
    /// An attempt at a round ended.
    case round(RoundProgress)
    /// Nothing follows.
    case finished(Finished)

    /// Where and as whom a coordinator listens.
    public struct Listening: Codable, Sendable {
        /// Endpoint with the real port, such as `tcp://127.0.0.1:41234`.
        public var endpoint: String
        /// Parameters of the model.
        public var parameterCount: Int
        /// The newest version: above 0 after a restart.
        public var version: UInt32
        /// The model; nil from programs that do not say.
        public var spec: ModelSpec?
    }

    /// One attempt at a round and what it cost.
    public struct RoundProgress: Codable, Sendable {
        /// What happened.
        public var report: RoundReport
        /// Bytes since the report before.
        public var roundBytes: WireByteCount
        /// Bytes since the federation began.
        public var totalBytes: WireByteCount
        /// What each client of the cohort did, by number.
        public var clients: [ClientRound]
        /// Bytes of the model that were sent to one client as they had been to another: what multicast would spare.
        public var repeatedByteCount: Int?
    }

    /// How a federation ended.
    public struct Finished: Codable, Sendable {
        /// Whether all rounds were published.
        public var completed: Bool
        /// Why it ended, for people.
        public var reason: String
        /// The newest version.
        public var version: UInt32
        /// Hash of the newest model as clients receive it, in hexadecimal.
        public var modelHash: String
        /// Every byte since the federation began, by kind, client and direction.
        public var ledger: [ByteLedger.Entry]
        /// Largest resident memory of the process, in bytes.
        public var peakRSSBytes: Int
    }

    /// One line of JSON, without its line end.
    public func line() -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("progress holds finite numbers only") }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads one line; nil when it is none.
    public init?(line: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else { return nil }
        self = value
    }
}
