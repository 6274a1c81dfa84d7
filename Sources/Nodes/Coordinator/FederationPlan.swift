import Configuration
import Encryption
import Federation
import Foundation
import Messages
import Tensors
import Training

/// The model and the rules of a federation, put together from its settings and the shape of its data.
public struct FederationPlan: Sendable {
    /// The model.
    public let spec: ModelSpec
    /// What coordinator and clients agree on.
    public let parameters: FederationParameters
    /// How rounds are run.
    public var policy: RoundPolicy
    /// The key that signs rosters; nil: the coordinator is trusted with the roster.
    public var rootKey: PublicKeyBytes?
    /// In which order buffered rounds take updates; nil: as they come.
    public var turnTime: TurnTime?

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - name: of the federation, for people.
    ///   - seed: of version 0, of cohorts and of local training.
    ///   - policy: how rounds are run.
    ///   - federation: nil makes a new identifier.
    /// - Throws: `TrainingError`, `FederationError`.
    public init(
        name: String, seed: UInt64, settings: RunSettings, policy: RoundPolicy, inputShape: [Int], classCount: Int,
        federation: FederationID? = nil
    ) throws {
        spec = try settings.model.spec(inputShape: inputShape, classCount: classCount)
        self.policy = policy
        parameters = FederationParameters(
            name: name, federation: federation ?? FederationID(unchecked: Entropy.bytes(FederationID.byteCount)),
            seed: seed, model: String(decoding: try spec.canonicalJSON(), as: UTF8.self),
            compression: settings.compression, plan: settings.local, clipNorm: settings.clientClipNorm,
            work: try Self.work(settings, spec))
    }

    /// The work of the devices of the settings, in their order; nil without devices.
    static func work(_ settings: RunSettings, _ spec: ModelSpec) throws(TrainingError) -> [WorkPlan]? {
        guard !settings.devices.isEmpty else { return nil }
        let planner = WorkPlanner(layers: try spec.layerWork(), batchSize: settings.local.batchSize)
        return settings.devices.map(planner.plan(for:))
    }

    /// The coordinator's configuration, with the parameters as they were stored first.
    public func configuration(storedAs parameters: FederationParameters) throws -> CoordinatorConfiguration {
        try CoordinatorConfiguration(
            parameters: parameters, policy: policy, layout: try spec.layout(),
            initialParameters: try spec.initialParameters(seed: Seed(parameters.seed)),
            activationPointCount: try spec.quantizationPoints().count, rootKey: rootKey, turnTime: turnTime)
    }
}

/// The system's cryptographic generator.
public enum Entropy {
    /// So many random bytes.
    @Sendable public static func bytes(_ count: Int) -> [UInt8] { SecretBytes.random(byteCount: count).exposed() }
}
