import Datasets
import Federation
import Messages

/// What `swiftlet-coordinator serve` is started with: the content of a `federation.yaml`.
///
/// Paths may be relative to the folder of the file; here they are absolute.
public struct FederationFile: Hashable, Sendable {
    /// `name` of the federation, for people; required.
    public var name: String
    /// `federation`: its id, 32 hexadecimal digits; nil: chosen at the first start and kept in the state directory.
    public var federation: FederationID?
    /// `seed` of version 0, of the cohorts and of local training; 1 by default.
    public var seed: UInt64
    /// `bind`: where clients connect, `tcp://address:port` or `ipc://path`; port 0 takes any; required.
    public var bind: String
    /// `state_directory`: where everything is kept that must survive a restart; required.
    public var stateDirectory: String
    /// `identity_file`: the coordinator's private keys; `coordinator.key` in the state directory by default.
    public var identityFile: String
    /// `root_key`: the Ed25519 key that signs the roster, 64 hexadecimal digits. Masked rounds are then run with those
    /// alone whom it has signed; none by default.
    public var rootKey: PublicKeyBytes?
    /// `approved_clients`: file of client keys that are admitted without a token; none by default.
    public var approvedClientsFile: String?
    /// `data_directory`: where data sets are looked up; nil: `--data` or `SWIFTLET_DATA`.
    public var dataDirectory: String?
    /// `evaluation`: the data set whose test part measures the model; none by default, then rounds have no accuracy.
    public var evaluation: DatasetSpec?
    /// `input_shape` of one sample, 1 to 3 sizes; needed without `evaluation`, which knows it.
    public var inputShape: [Int]?
    /// `classes`, 2 or more; needed without `evaluation`, which knows them.
    public var classCount: Int?
    /// What is trained and how.
    public var run: RunSettings
    /// `minimum_clients` that must be connected before the first round after a start; 1 by default.
    public var minimumClients: Int
    /// `enrolment_deadline_seconds`: time to wait for them before giving up; nil, the default: for ever.
    public var enrolmentDeadline: Duration?
    /// `heartbeat_seconds` from one sign of life on an idle connection to the next; 30 by default.
    public var heartbeat: Duration
    /// `links` of the clients of a simulation: buffered rounds take updates in the order that the links give, so that a run
    /// is the same each time; none by default, then they count as they come.
    public var links: LinkPlan?
    /// `finish_grace_seconds` for clients that are gone to come back and hear that the federation is complete; 10 by
    /// default.
    public var finishGrace: Duration

    /// Makes the value from its fields; the default of `identityFile` is that of the file.
    public init(
        name: String, federation: FederationID? = nil, seed: UInt64 = 1, bind: String, stateDirectory: String,
        identityFile: String? = nil, rootKey: PublicKeyBytes? = nil, approvedClientsFile: String? = nil,
        dataDirectory: String? = nil,
        evaluation: DatasetSpec? = nil, inputShape: [Int]? = nil, classCount: Int? = nil, run: RunSettings,
        minimumClients: Int = 1, enrolmentDeadline: Duration? = nil, heartbeat: Duration = .seconds(30),
        finishGrace: Duration = .seconds(10)
    ) {
        self.name = name
        self.federation = federation
        self.seed = seed
        self.bind = bind
        self.stateDirectory = stateDirectory
        self.identityFile = identityFile ?? stateDirectory + "/coordinator.key"
        self.rootKey = rootKey
        self.approvedClientsFile = approvedClientsFile
        self.dataDirectory = dataDirectory
        self.evaluation = evaluation
        self.inputShape = inputShape
        self.classCount = classCount
        self.run = run
        self.minimumClients = minimumClients
        self.enrolmentDeadline = enrolmentDeadline
        self.heartbeat = heartbeat
        self.finishGrace = finishGrace
    }

    /// The policy of the rounds.
    public var policy: RoundPolicy {
        var policy = run.policy(minimumClients: minimumClients)
        policy.enrolmentDeadline = enrolmentDeadline
        policy.finishGrace = finishGrace
        return policy
    }
}
