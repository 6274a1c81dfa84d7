import Datasets
import Federation

/// An experiment: data, clients, a model, and one or more arms that are compared.
///
/// Read from YAML, where unknown keys and wrong types are errors that name the line.
public struct Scenario: Hashable, Sendable {
    /// Where the clients run.
    public enum Mode: String, Hashable, Codable, CaseIterable, Sendable {
        /// Each client is a process of its own.
        case processes
        /// Many clients per worker process, each with a socket and keys of its own.
        case workers
        /// Everything in one process, over the in-memory channel.
        case memory
    }

    /// `name`, for reports; required.
    public var name: String
    /// `seed` of the data, the partition and the model; 1 by default.
    public var seed: UInt64
    /// `target_accuracy` that savings are measured at, a fraction in 0...1; none by default.
    public var targetAccuracy: Double?
    /// `arms`, fully resolved: what an arm does not say is what the scenario says. Without the key there is one arm,
    /// `int8`.
    public var arms: [ScenarioArm]

    /// The keys that an arm may give differently.
    static let sharedKeys =
        ["seed", "mode", "workers", "dataset", "partition", "clients", "links"]
        + RunSettings.keys.filter { !armKeys.contains($0) }
    /// The keys that only arms have.
    static let armKeys = ["compression", "privacy", "export"]
}

/// One variant of a scenario, fully resolved.
public struct ScenarioArm: Hashable, Sendable {
    /// `name`: unique; letters, digits, `.`, `_`, `+` and `-`, for it names a folder.
    public var name: String
    /// `seed` of the data, the partition and the model.
    public var seed: UInt64
    /// `mode`: where the clients run; `processes` by default.
    public var mode: Scenario.Mode
    /// `workers`: worker processes of `mode: workers`, 1 to 256; nil: one per processor core.
    public var workers: Int?
    /// `dataset`: a name, or a mapping with a `kind`; required.
    public var dataset: DatasetSpec
    /// `partition`: how the samples are dealt to the clients; `iid` by default.
    public var partition: Partition
    /// `clients`, 1 to 100,000; required.
    public var clients: Int
    /// `links`: how clients are connected, to tell how long the bytes would take, and in which order updates come
    /// in buffered rounds; none by default.
    public var links: LinkPlan?
    /// `export`: devices that get a bundle of the final model, such as `[stm32l4, phone+wifi]`; none by default.
    public var exports: [LinkedDevice]
    /// What is trained and how.
    public var run: RunSettings
}

extension ScenarioArm {
    /// The policy of the rounds; the first round waits for all clients, so that its cohort depends on the seed alone.
    public var policy: RoundPolicy { run.policy(minimumClients: clients) }
}
