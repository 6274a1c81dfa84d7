import Foundation

/// Whether and how a model fits a device and its link.
public struct FitReport: Hashable, Codable, Sendable {
    /// Training over the link, in one form of updates and models.
    public struct Training: Hashable, Codable, Sendable {
        /// Whether it is over within the limit.
        public var possible: Bool
        /// Rounds that the client takes part in.
        public var rounds: Int
        /// Bytes up in one round.
        public var upBytesPerRound: Int
        /// Bytes down in one round.
        public var downBytesPerRound: Int
        /// Time in the air over all rounds.
        public var airtimeSeconds: Double
        /// Energy of the device's radio over all rounds.
        public var millijoules: Double
        /// Days until the last round is over, under the daily caps.
        public var days: Double
    }

    /// Both forms side by side.
    public struct TrainingComparison: Hashable, Codable, Sendable {
        /// Days that count as possible.
        public var limitDays: Double
        /// Every parameter as a float32, both ways.
        public var float32: Training
        /// What this project sends.
        public var ours: Training
    }

    /// Name of the device profile.
    public var device: String
    /// Name of the radio profile, if one was asked about.
    public var radio: String?
    /// Name of the variant.
    public var variant: String
    /// Whether it fits in all respects but training.
    public var fits: Bool
    /// Why not, in words; empty if it fits.
    public var reasons: [String]
    /// Model and runtime.
    public var flashBytes: Int
    /// What the device has for them.
    public var flashAvailableBytes: Int
    /// Part of `flashBytes` that is code.
    public var runtimeBytes: Int
    /// Activations.
    public var arenaBytes: Int
    /// What the device has for them.
    public var arenaAvailableBytes: Int
    /// Multiply-accumulates of one inference.
    public var macs: Int
    /// Weights and biases.
    public var parameters: Int
    /// Estimated time of one inference.
    public var inferenceMilliseconds: Double
    /// Estimated energy of one inference.
    public var inferenceMillijoules: Double
    /// Measured accuracy, where it is known.
    public var accuracy: Double?
    /// Delivery of the model over the radio.
    public var delivery: RadioTransfer?
    /// Training over the radio, where the traffic is known.
    public var training: TrainingComparison?
}

extension FitReport {
    /// The report as JSON, keys in snake case and sorted.
    public func json() throws -> String { try Self.json(self) }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// The content of `fit.json`: the form that was chosen, and how all forms fit.
public struct FitFile: Hashable, Codable, Sendable {
    /// The best form.
    public var chosen: FitReport
    /// All forms, the best first.
    public var candidates: [FitReport]

    /// Makes the value from its fields.
    public init(chosen: FitReport, candidates: [FitReport]) {
        self.chosen = chosen
        self.candidates = candidates
    }
}

extension FitFile {
    /// The file as JSON, keys in snake case and sorted.
    public func json() throws -> String { try FitReport.json(self) }
}
