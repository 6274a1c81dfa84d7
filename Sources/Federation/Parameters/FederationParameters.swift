import Encryption
import Foundation
import Messages
import Tensors
import UpdateCodec

/// What coordinator and clients must agree on for the life of a federation.
///
/// It travels as canonical JSON: keys sorted, no white space. Its hash is taken over those very bytes, so a client
/// never has to write them itself.
public struct FederationParameters: Hashable, Codable, Sendable {
    /// What people call the federation.
    public var name: String
    /// By which programs know it.
    public var federation: FederationID
    /// The seed of version 0, of the cohorts and of local training.
    public var seed: UInt64
    /// The model as JSON of its specification; opaque to the round logic.
    public var model: String
    /// How models and updates travel.
    public var compression: Compression
    /// How clients train.
    public var plan: LocalPlan
    /// Largest L2 norm of an update, above 0; longer ones are scaled down to it. Nil: no limit.
    public var clipNorm: Float?
    /// The work of devices that do not train everything; client n has entry n modulo their number. Nil: all train all.
    public var work: [WorkPlan]?
    /// What clients of the masked lane do for differential privacy. Nil: nothing.
    public var maskedPrivacy: MaskedPrivacy?

    /// Makes the value from its fields.
    public init(
        name: String, federation: FederationID, seed: UInt64, model: String, compression: Compression,
        plan: LocalPlan = LocalPlan(), clipNorm: Float? = nil, work: [WorkPlan]? = nil,
        maskedPrivacy: MaskedPrivacy? = nil
    ) {
        self.name = name
        self.federation = federation
        self.seed = seed
        self.model = model
        self.compression = compression
        self.plan = plan
        self.clipNorm = clipNorm
        self.work = work
        self.maskedPrivacy = maskedPrivacy
    }

    /// The canonical JSON.
    public func canonicalJSON() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("parameters that passed validate() have no value that JSON cannot hold")
        }
        return Array(data)
    }

    /// BLAKE2b-256 of the JSON as it travels.
    public static func hash(of canonicalJSON: [UInt8]) -> Digest {
        Digest(unchecked: Blake2b256.hash(canonicalJSON))
    }

    /// The seed of everything random in one client's training of one round.
    public func trainingSeed(round: Int, client: Int) -> Seed { Seed(seed).derived("train", round, client) }

    /// The work of one client; nil where it trains everything.
    public func work(of client: Int) -> WorkPlan? {
        guard let work, !work.isEmpty else { return nil }
        return work[client % work.count]
    }

    /// What both sides of an update know before it is sent.
    func codecContext(round: Int, client: Int) -> CodecContext {
        CodecContext(seed: Seed(seed).derived("codec", round, client), round: round)
    }

    /// Reads the JSON and checks all ranges.
    ///
    /// - Throws: `FederationError.invalidParameters`, `.invalidSetting`.
    public init(canonicalJSON bytes: [UInt8]) throws(FederationError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw .invalidParameters(String(describing: error))
        }
        try validate()
    }

    /// Checks all ranges.
    ///
    /// - Throws: `FederationError.invalidSetting` that names the field.
    public func validate() throws(FederationError) {
        try plan.validate()
        if let clipNorm, !(clipNorm > 0 && clipNorm.isFinite) {
            throw .invalidSetting("clip_norm", allowed: "above 0")
        }
        if let maskedPrivacy, !maskedPrivacy.isValid {
            throw .invalidSetting(
                "masked_privacy",
                allowed: "a clip of 0.0001 to 1000, a noise multiplier of 0.01 to 1000, and 1 to 1000 survivors")
        }
        try compression.validate()
        guard plan.calibration == nil || !MaskedCodec.isNamed(by: compression.up) else {
            throw .invalidSetting("local.calibration", allowed: "none with a masked uplink, which shows sums only")
        }
        guard (work?.count ?? 0) <= 100_000, (work ?? []).allSatisfy(\.isValid) else {
            throw .invalidSetting(
                "work", allowed: "up to 100000 plans with first_parameter 0 or more, and steps and bytes 1 or more")
        }
    }
}
