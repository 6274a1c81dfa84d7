import Tensors
import UpdateCodec

/// How models and updates travel.
public struct Compression: Hashable, Codable, Sendable {
    /// How the global model goes out.
    public enum Downlink: RawRepresentable, Hashable, Codable, Sendable {
        /// The float master, whole each time.
        case float32
        /// The int8 lattice of the master, as a difference against what the client holds where that is smaller.
        case int8
        /// What a codec of updates keeps of the master's way from version 0: clients train from a model near the
        /// master. Holds the codec's specification, such as `auto:nmse=0.1`.
        case coded(String)

        /// `float32`, `int8` or the specification of a codec of updates, which is not checked here.
        public init?(rawValue: String) {
            switch rawValue {
            case "": return nil
            case "float32": self = .float32
            case "int8": self = .int8
            default: self = .coded(rawValue)
            }
        }

        /// The word that files and parameters have.
        public var rawValue: String {
            switch self {
            case .float32: "float32"
            case .int8: "int8"
            case .coded(let codec): codec
            }
        }
    }

    /// Specification of the codec of updates, as `UpdateCodecs` knows it, such as `float32` or `auto:nmse=0.5`.
    public var up: String
    /// How the global model goes out.
    public var down: Downlink

    /// Most bytes that a client sends and receives in one round it takes part in, messages included; transform codecs
    /// keep to it. Nil: no limit.
    public var roundByteCount: Int?

    /// What is coded as the difference to something that came before it.
    public enum Prediction: String, Hashable, Codable, Sendable, CaseIterable {
        /// An update, by the client's last one that counted: both sides keep it.
        case up
        /// A step of the model, by the step before it, where versions are chained.
        case down
        /// Both.
        case both

        var isUp: Bool { self != .down }
        var isDown: Bool { self != .up }
    }

    /// What transform codecs predict; nil: nothing.
    public var prediction: Prediction?
    /// Rounds after which a client that was not asked has given up half of what compression left behind of its last
    /// update, above 0; nil: it keeps everything.
    public var residualHalfLife: Double?

    /// Makes the value from its fields.
    public init(
        up: String, down: Downlink, roundByteCount: Int? = nil, prediction: Prediction? = nil,
        residualHalfLife: Double? = nil
    ) {
        self.up = up
        self.down = down
        self.roundByteCount = roundByteCount
        self.prediction = prediction
        self.residualHalfLife = residualHalfLife
    }

    /// Whether updates are predicted by those before them.
    var predictsUpdates: Bool { prediction?.isUp == true && CappedCodec.isTransform(up) }

    /// Checks that what is to be predicted can be, and that half-lives are above 0.
    ///
    /// - Throws: `FederationError.invalidSetting`.
    func validate() throws(FederationError) {
        if let prediction, prediction.isUp, !CappedCodec.isTransform(up) {
            throw .invalidSetting(
                "compression.predict", allowed: "up only where the uplink is auto, lowrank or entropy, and not masked")
        }
        if let prediction, prediction.isDown {
            guard case .coded(let codec) = down, CappedCodec.isTransform(codec) else {
                throw .invalidSetting(
                    "compression.predict", allowed: "down only where the downlink is auto, lowrank or entropy")
            }
        }
        if let residualHalfLife, !(residualHalfLife > 0 && residualHalfLife.isFinite) {
            throw .invalidSetting("compression.residual_half_life", allowed: "above 0")
        }
    }

    /// Checks all that, and that steps of the model follow on each other where they are to be predicted.
    ///
    /// - Throws: `FederationError.invalidSetting`.
    package func validate(cohort: CohortSize) throws(FederationError) {
        try validate()
        if prediction?.isDown == true, cohort != .all {
            throw .invalidSetting(
                "compression.predict", allowed: "up, unless the cohort is all: steps follow on each other only then")
        }
    }

    /// What needs no tuning: updates that keep three quarters of their energy, the rest of which follows by error
    /// feedback, and models that keep nineteen twentieths of the energy of the way from version 0. Once updates are mostly
    /// noise they would take more and more bytes, which the caps hold back.
    ///
    /// A client that takes part in every round sends what the cap left out a round later. Where clients take turns it waits
    /// for theirs, and the cap gives way before more than half of an update is left out.
    public static func automatic(cohort: CohortSize) -> Compression {
        Compression(
            up: "auto:nmse=0.25,cap=0.13" + (cohort == .all ? "" : ",worst=0.5"),
            down: .coded("auto:nmse=0.05,cap=0.2"))
    }

    /// Announcement, receipt, header and seals of a round, as they are on the connection.
    private static let messageByteCount = 400

    /// Most bytes of an update: two fifths of what the messages leave, for a model takes more than an update.
    var updateByteCount: Int? { roundByteCount.map { max(0, $0 - Self.messageByteCount) * 2 / 5 } }

    /// Most bytes of a step of the model.
    var stepByteCount: Int? { roundByteCount.map { max(0, $0 - Self.messageByteCount) * 3 / 5 } }

    /// The codec of updates.
    ///
    /// - Parameter limit: most bytes that the device of one client should send, where the codec can aim at a size; what it
    ///   encodes is decoded without knowing of it.
    package func updateCodec(layout: ParameterLayout, limit: Int? = nil) throws(CodecError) -> any UpdateCodec {
        let byteCount = [updateByteCount, limit].compactMap { $0 }.min()
        if predictsUpdates { return try PredictedCodec.codec(up, layout: layout, byteCount: byteCount) }
        return try StatisticsApart.codec(up, layout: layout, byteCount: byteCount)
    }
}
