import Datasets
import Foundation

/// What one worker process of a simulation is told: which clients it is, and where the coordinator listens.
public struct WorkerPlan: Codable, Sendable {
    /// Where the coordinator listens.
    public var endpoint: String
    /// The coordinator's CURVE key, in hexadecimal.
    public var transportKey: String
    /// The coordinator's Ed25519 key, in hexadecimal.
    public var identityKey: String
    /// The data of the whole federation.
    public var dataset: DatasetSpec
    /// How they are dealt.
    public var partition: Partition
    /// Seed of the data and of the deal.
    public var seed: UInt64
    /// Clients of the whole federation.
    public var clientCount: Int
    /// Numbers of the clients that this process is.
    public var clients: [Int]
    /// Folder that holds one folder with a `client.key` for each of them.
    public var clientFolder: String
    /// How many trainings run at once.
    public var threads: Int
    /// From one sign of life to the next, in seconds.
    public var heartbeatSeconds: Double

    /// Reads a plan.
    ///
    /// - Throws: `NodeError.file`.
    public init(path: String) throws(NodeError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch { throw .file(path: path, cause: "\(error)") }
    }

    /// Makes the value from its fields.
    init(
        endpoint: String, transportKey: String, identityKey: String, dataset: DatasetSpec, partition: Partition,
        seed: UInt64, clientCount: Int, clients: [Int], clientFolder: String, threads: Int, heartbeatSeconds: Double
    ) {
        self.endpoint = endpoint
        self.transportKey = transportKey
        self.identityKey = identityKey
        self.dataset = dataset
        self.partition = partition
        self.seed = seed
        self.clientCount = clientCount
        self.clients = clients
        self.clientFolder = clientFolder
        self.threads = threads
        self.heartbeatSeconds = heartbeatSeconds
    }

    /// Writes the plan.
    func write(to file: URL) throws(NodeError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do { try encoder.encode(self).write(to: file, options: .atomic) } catch {
            throw .file(path: file.path, cause: "\(error)")
        }
    }
}
