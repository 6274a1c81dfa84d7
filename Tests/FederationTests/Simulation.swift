import Encryption
import Federation
import Messages
import Tensors
import TestSupport

/// A whole federation over the two cores: one queue of events, a manual clock, a network that may be faulty, and a disk
/// that survives crashes.
struct Simulation {
    enum Event {
        case toCoordinator(client: Int, connection: Int, frames: [[UInt8]])
        case toClient(client: Int, connection: Int, frames: [[UInt8]])
        case connect(client: Int)
        case coordinatorTick(life: Int)
        case clientTick(client: Int, life: Int)
        case trained(client: Int, life: Int, SessionID, TrainingResult)
        case evaluated(life: Int, version: UInt32)
    }

    /// What survives a crash of the coordinator.
    struct Disk {
        var record: CoordinatorRecord?
        var attempt: RoundAttempt?
        var releases: [PrivacyRelease] = []
        var roster: Roster
    }

    struct Client {
        var core: ClientCore
        var stored = ClientState()
        var life = 0
        var connection = 0
        var isConnected = false
        var finish: CoordinatorMessage.Finish?
        var trainings = 0
    }

    let model: LinearModel
    let configuration: CoordinatorConfiguration
    let seed: Seed
    private(set) var now = Duration.zero
    private var queue: [(time: Duration, order: Int, event: Event)] = []
    private var order = 0
    private var random: SeededRandom
    var network: FaultyNetwork<Int>
    var coordinator: CoordinatorCore
    var coordinatorLife = 0
    var disk: Disk
    var clients: [Client] = []
    var reports: [RoundReport] = []
    var finish: FinishReport?
    var records: [CoordinatorRecord] = []
    /// Models that were to be evaluated.
    var evaluations: [EvaluationRequest] = []
    /// Parts of signed rosters that were sent, by client.
    var rosterParts: [Int: Int] = [:]
    /// What clients said of rosters that they refused.
    var rosterRefusals: [Int: [String]] = [:]
    /// What the coordinator warned of.
    var warnings: [String] = []
    /// Effects of the coordinator that were done.
    var effectCount = 0
    /// The coordinator dies before this effect, once.
    var crashBefore: Int?
    /// Effects of the clients that were done; a client dies before one of them, once.
    var clientEffectCount = 0
    var clientCrashBefore: Int?
    var trainingTime = Duration.milliseconds(200)
    /// Longest time of a client from a lost connection to a new one.
    var reconnection = Duration.milliseconds(50)

    init(
        _ model: LinearModel, _ configuration: CoordinatorConfiguration, clients count: Int,
        faults: FaultyNetwork<Int>.Faults = .init(delay: .milliseconds(20)), seed: UInt64 = 1
    ) throws {
        self.model = model
        self.configuration = configuration
        self.seed = Seed(seed)
        random = SeededRandom(Seed(seed).derived("simulation"))
        network = FaultyNetwork(faults: faults, seed: Seed(seed).derived("network"))
        let root = configuration.rootKey
        disk = Disk(roster: root == nil ? Fixtures.roster(count) : try Fixtures.rootedRoster(count, signed: count))
        coordinator = try CoordinatorCore(
            configuration: configuration, state: CoordinatorState(roster: disk.roster), identity: Fixtures.identity(),
            entropy: Fixtures.entropy(seed))
        for number in 0..<count {
            clients.append(
                Client(core: try Self.core(ClientState(), seed: seed, number: number, life: 0, rootKey: root)))
            schedule(.connect(client: number), after: .milliseconds(random.below(100)))
        }
        try perform(coordinator.handle(.started, at: now))
    }

    /// A client; in a federation with a root key it pins that, and has an identity of its own.
    static func core(
        _ state: ClientState, seed: UInt64, number: Int, life: Int, rootKey: PublicKeyBytes? = nil
    ) throws -> ClientCore {
        try ClientCore(
            configuration: ClientConfiguration(
                coordinatorIdentity: Fixtures.coordinatorKey(), sampleCount: 10 + number,
                retransmission: .seconds(3), rootKey: rootKey),
            state: state, identity: rootKey == nil ? nil : try Fixtures.clientIdentity(number),
            entropy: Fixtures.entropy(Seed(seed).derived("client", number, life).value))
    }

    /// Runs until nothing is left to do or the clock shows `end`.
    mutating func run(until end: Duration = .seconds(3600), while condition: (Simulation) -> Bool = { _ in true })
        throws
    {
        while condition(self), let index = nextIndex, queue[index].time <= end {
            let item = queue.remove(at: index)
            now = max(now, item.time)
            try step(item.event)
        }
    }

    mutating func schedule(_ event: Event, after delay: Duration) {
        order += 1
        queue.append((now + delay, order, event))
    }

    /// Any event that lies before `time` is done, then the clock shows `time`.
    mutating func advance(to time: Duration) throws {
        try run(until: time)
        now = max(now, time)
    }

    private var nextIndex: Int? {
        queue.indices.min { (queue[$0].time, queue[$0].order) < (queue[$1].time, queue[$1].order) }
    }
}
