/// What several methods cost to the same accuracy on the same data, over several seeds: what `comparison.json` holds.
public struct Comparison: Hashable, Codable, Sendable {
    /// One method with one seed.
    public struct Cell: Hashable, Codable, Sendable {
        /// The seed of data, partition and model.
        public var seed: UInt64
        /// The first round at the target; nil: it was never reached.
        @ExplicitNull public var round: Int?
        /// All bytes up to the end of that round.
        @ExplicitNull public var upBytes: Int?
        /// All bytes up to the end of that round.
        @ExplicitNull public var downBytes: Int?
        /// On the links of the scenario up to that round, in seconds.
        @ExplicitNull public var linkSeconds: Double?
        /// The best int8 accuracy of any round, fraction in 0...1.
        @ExplicitNull public var bestAccuracy: Double?
        /// Rounds that were run.
        public var rounds: Int
        /// Time that the run took here, in seconds.
        public var wallSeconds: Double
        /// Of the arm that was run.
        public var configurationHash: String

        /// Both directions.
        public var totalBytes: Int? { upBytes.flatMap { up in downBytes.map { up + $0 } } }

        private enum CodingKeys: String, CodingKey {
            case seed, round, rounds
            case upBytes = "up_bytes"
            case downBytes = "down_bytes"
            case linkSeconds = "link_seconds"
            case bestAccuracy = "best_accuracy"
            case wallSeconds = "wall_seconds"
            case configurationHash = "configuration_hash"
        }
    }

    /// One method.
    public struct Method: Hashable, Codable, Sendable {
        /// What it is called.
        public var name: String
        /// How updates and models travel.
        public var detail: String
        /// In the order of the seeds.
        public var cells: [Cell]

        /// Makes the value from its fields.
        public init(name: String, detail: String, cells: [Cell]) {
            self.name = name
            self.detail = detail
            self.cells = cells
        }
    }

    /// Name of the scenario.
    public var scenario: String
    /// The int8 accuracy that all methods are measured at, fraction in 0...1.
    public var targetAccuracy: Double
    /// The first one is what the others are compared with.
    public var methods: [Method]

    /// Makes the value from its fields.
    public init(scenario: String, targetAccuracy: Double, methods: [Method]) {
        self.scenario = scenario
        self.targetAccuracy = targetAccuracy
        self.methods = methods
    }

    private enum CodingKeys: String, CodingKey {
        case scenario, methods
        case targetAccuracy = "target_accuracy"
    }
}

extension Comparison.Cell {
    /// What one run of a method came to.
    public init(_ arm: ArmSummary, seed: UInt64, target: Double) {
        let cost = arm.cost(ofReaching: target)
        self.init(
            seed: seed, round: cost?.round, upBytes: cost?.byteCount.up, downBytes: cost?.byteCount.down,
            linkSeconds: arm.linkSeconds(toReach: target),
            bestAccuracy: arm.roundsLog.compactMap(\.int8Accuracy).max(), rounds: arm.rounds,
            wallSeconds: arm.wallSeconds, configurationHash: arm.configurationHash ?? "")
    }
}

extension Comparison.Method {
    /// The median over the seeds, a seed that never reached the target counting as the largest; nil: so is the median.
    /// Of an even number of seeds, the worse one of the two in the middle.
    public func median<Value: Comparable>(_ value: (Comparison.Cell) -> Value?) -> Value? {
        let reached = cells.compactMap(value).sorted()
        let middle = cells.count / 2
        return middle < reached.count ? reached[middle] : nil
    }
}

extension Comparison {
    /// How many times fewer bytes than the first method, for each seed; nil where either missed the target.
    public func factors(_ method: Method, _ bytes: (Cell) -> Int?) -> [Double?] {
        method.cells.map { cell in
            let baseline = methods.first?.cells.first { $0.seed == cell.seed }
            return Savings.factor(baseline.flatMap(bytes), bytes(cell))
        }
    }

    /// The median of the factors; a seed that missed the target counts as the least. Of an even number of seeds, the
    /// worse one of the two in the middle.
    public func medianFactor(_ method: Method, _ bytes: (Cell) -> Int?) -> Double? {
        let factors = factors(method, bytes).map { $0 ?? 0 }.sorted()
        guard !factors.isEmpty else { return nil }
        let median = factors[(factors.count - 1) / 2]
        return median > 0 ? median : nil
    }

    /// Methods that reached the target by their median total, fewest bytes first; then the others.
    public var ranked: [Method] {
        methods.sorted { ($0.median(\.totalBytes) ?? .max) < ($1.median(\.totalBytes) ?? .max) }
    }
}
