import Datasets
import Messages

/// What `swiftlet-client run` is started with: the content of a `client.yaml`.
///
/// Paths may be relative to the folder of the file; here they are absolute.
public struct ClientFile: Hashable, Sendable {
    /// What a client trains on.
    public enum Data: Hashable, Sendable {
        /// The client's own files: `data: {kind: npy, inputs: x.npy, labels: y.npy}`, with `input_scale`, `input_shift`
        /// and `input_shape` as in a scenario's `dataset`. All samples are trained on; the test part of the
        /// specification is the same files.
        case own(FileDatasetSpec)
        /// A share of a data set, for simulations: `data: {dataset: …, partition: …, clients: 10, client: 3, seed: 1}`.
        case share(of: DatasetSpec, partition: Partition, clients: Int, client: Int, seed: UInt64)
    }

    /// `name` by which operators know this client; required.
    public var name: String
    /// `coordinator.endpoint`, `tcp://host:port` or `ipc://path`; required.
    public var endpoint: String
    /// `coordinator.transport_key`: its CURVE key, 64 hexadecimal digits; nobody else is talked to; required.
    public var coordinatorTransportKey: PeerID
    /// `coordinator.identity_key`: its Ed25519 key, 64 hexadecimal digits; rounds must be signed by it; required.
    public var coordinatorIdentity: PublicKeyBytes
    /// `coordinator.root_key`: the Ed25519 key that signs the roster, 64 hexadecimal digits; masked rounds are refused
    /// unless it has signed who takes part; none by default.
    public var rootKey: PublicKeyBytes?
    /// `state_directory`: where the client keeps its model and residual over restarts; required.
    public var stateDirectory: String
    /// `identity_file`: the client's private keys; `client.key` in the state directory by default.
    public var identityFile: String
    /// `data_directory`: where relative paths of `data` begin; nil: `--data` or `SWIFTLET_DATA`.
    public var dataDirectory: String?
    /// `data` to train on; required.
    public var data: Data
    /// `threads` to train with, 1 to 256; 1 by default.
    public var threads: Int
    /// `device_profile`: what kind of device this is, for the coordinator's plans; none by default.
    public var deviceProfile: String?
    /// `heartbeat_seconds` from one sign of life on an idle connection to the next; 30 by default.
    public var heartbeat: Duration

    /// Makes the value from its fields; the default of `identityFile` is that of the file.
    public init(
        name: String, endpoint: String, coordinatorTransportKey: PeerID, coordinatorIdentity: PublicKeyBytes,
        rootKey: PublicKeyBytes? = nil, stateDirectory: String, identityFile: String? = nil,
        dataDirectory: String? = nil, data: Data, threads: Int = 1,
        deviceProfile: String? = nil, heartbeat: Duration = .seconds(30)
    ) {
        self.name = name
        self.endpoint = endpoint
        self.coordinatorTransportKey = coordinatorTransportKey
        self.coordinatorIdentity = coordinatorIdentity
        self.rootKey = rootKey
        self.stateDirectory = stateDirectory
        self.identityFile = identityFile ?? stateDirectory + "/client.key"
        self.dataDirectory = dataDirectory
        self.data = data
        self.threads = threads
        self.deviceProfile = deviceProfile
        self.heartbeat = heartbeat
    }
}
