import Encryption
import Privacy
import UpdateCodec

/// The private part of a coordinator's rounds: the ledger, the clip, and the noise on each sum.
struct PrivateRounds: Sendable {
    let settings: PrivacySettings
    let cohort: CohortSize
    /// Updates expected in a round, which the noisy sum is divided by: the true number is itself private.
    let expectedUpdates: Double
    /// What one release is to an accountant.
    private let mechanism: PrivacyMechanism
    private(set) var ledger: PrivacyLedger
    /// L2 norm that updates of the next round are clipped to.
    private(set) var clip: Double
    /// The newest release of every round.
    private var newest: [Int: PrivacyRelease] = [:]

    /// Goes on from everything that was ever released.
    ///
    /// - Parameters:
    ///   - clientCount: size of the federation as it is configured, which is public.
    ///   - bound: of one client's whole numbers in the masked lane; nil in the visible one.
    /// - Throws: `FederationError.invalidSetting` for settings that cannot run, `.damagedState` for releases that
    ///   contradict each other.
    init(
        settings: PrivacySettings, cohort: CohortSize, clientCount: Int, bound: SharedBound? = nil,
        releases: [PrivacyRelease]
    ) throws(FederationError) {
        try settings.validate(cohort: cohort)
        mechanism = try settings.release(cohort: cohort, bound: bound)
        do { try mechanism.validate() } catch {
            throw .invalidSetting("privacy", allowed: "what the accountant knows: \(error)")
        }
        self.settings = settings
        self.cohort = cohort
        expectedUpdates = cohort.expected(of: clientCount)
        clip = settings.clip
        ledger = PrivacyLedger(budget: settings.budget, accountant: settings.accountant)
        for release in releases.sorted(by: { $0.key < $1.key }) {
            do { try ledger.record(release.mechanism, for: release.ledgerKey) } catch {
                throw .damagedState("releases: \(error)")
            }
            newest[release.key.round] = release
            clip = release.nextClip
        }
    }

    /// An attempt whose key is not used, should a round be run again after its release.
    func unused(_ attempt: RoundAttempt) -> RoundAttempt {
        guard let released = newest[attempt.round]?.key.attempt, attempt.attempt <= released else { return attempt }
        return RoundAttempt(round: attempt.round, attempt: released + 1, failures: attempt.failures)
    }

    /// ε of the run after the next release.
    mutating func spending(of attempt: RoundAttempt) throws(FederationError) -> PrivacyLedger.Spending {
        do { return try ledger.wouldSpend(mechanism, for: ledgerKey(of: attempt)) } catch {
            throw .privacy("\(error)")
        }
    }

    /// Spends what a sum costs and adds the noise; the result is the private mean.
    ///
    /// - Parameters:
    ///   - sum: of what clients sent, each with weight 1.
    ///   - treeSecret: known to nobody else and the same after a restart; noise of the nodes is made from it.
    ///   - entropy: the system's cryptographic generator.
    /// - Throws: `FederationError.privacy` when the budget does not allow it or the noise cannot be drawn.
    mutating func release(
        _ sum: PrivateSum, attempt: RoundAttempt, treeSecret: SecretBytes,
        entropy: @escaping (Int) -> [UInt8]
    ) throws(FederationError) -> (mean: [Float], release: PrivacyRelease) {
        let key = ReleaseKey(round: attempt.round, attempt: attempt.attempt)
        let ledgerKey = ledgerKey(of: attempt)
        do {
            let spending = try ledger.spend(mechanism, for: ledgerKey)
            let noise = try noise(sum, attempt, treeSecret, entropy)
            let next = try nextClip(within: sum.within, beyond: sum.beyond, entropy: entropy)
            let release = PrivacyRelease(
                key: key, ledgerKey: ledgerKey, mechanism: mechanism, epsilon: spending.epsilon, delta: spending.delta,
                clip: clip, nextClip: next)
            clip = next
            newest[key.round] = release
            let divisor = expectedUpdates * Double(1 << FixedPointAccumulator.fractionBits)
            return (zip(sum.values, noise).map { Float(Double($0 &+ $1) / divisor) }, release)
        } catch { throw .privacy("\(error)") }
    }

    private func noise(
        _ sum: PrivateSum, _ attempt: RoundAttempt, _ secret: SecretBytes,
        _ entropy: @escaping (Int) -> [UInt8]
    ) throws(PrivacyError) -> [Int64] {
        let multiplier = settings.adaptive?.updateMultiplier(settings.noiseMultiplier) ?? settings.noiseMultiplier
        let central = try CentralNoise(
            noiseMultiplier: multiplier, clip: clip, parameterCount: sum.roundedCount,
            fractionBits: FixedPointAccumulator.fractionBits)
        switch settings.mechanism {
        case .gaussian:
            var random = EntropyGenerator(entropy)
            return central.draw(sum.values.count, using: &random)
        case .tree:
            let origin = ledgerKey(of: attempt)
            return TreeNoise(noise: central).increment(
                at: attempt.round - origin.round + 1, count: sum.values.count
            ) { node in
                EntropyGenerator(NodeEntropy(secret: secret, tree: origin, node: node).bytes)
            }
        case .ddgauss, .skellam:
            // The noise came with the sum.
            return [Int64](repeating: 0, count: sum.values.count)
        }
    }

    private func nextClip(
        within: Int, beyond: Int, entropy: @escaping (Int) -> [UInt8]
    ) throws(PrivacyError) -> Double {
        guard let adaptive = settings.adaptive else { return clip }
        var random = EntropyGenerator(entropy)
        let fraction = try adaptive.noisyFraction(
            within: within, beyond: beyond, expected: expectedUpdates, using: &random)
        return adaptive.next(after: clip, noisyFraction: fraction)
    }

    /// The release's own key, or that of the tree that the round is in.
    ///
    /// A tree goes on only from the round right before. After anything else, such as a round that is run again, a node
    /// would lend its noise to two different sums: another tree begins, and is paid for.
    private func ledgerKey(of attempt: RoundAttempt) -> ReleaseKey {
        let own = ReleaseKey(round: attempt.round, attempt: attempt.attempt)
        guard case .dealt(let rounds) = cohort, (attempt.round - 1) % rounds != 0,
            let before = newest[attempt.round - 1], newest[attempt.round] == nil
        else { return own }
        return before.ledgerKey
    }
}

/// Secret bits for the noise of one node of a tree: BLAKE2b in counter mode, keyed by a secret of the coordinator.
private final class NodeEntropy {
    private let secret: SecretBytes
    private let label: [UInt8]
    private var counter: UInt64 = 0

    init(secret: SecretBytes, tree: ReleaseKey, node: TreeNoise.Node) {
        self.secret = secret
        let numbers = [tree.round, tree.attempt, node.level, node.index]
        label = numbers.flatMap { number in withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) } }
    }

    func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var hash = Blake2b256(key: secret, personal: Array("swiftlet/tree/01".utf8))
            hash.update(label)
            hash.update(withUnsafeBytes(of: counter.littleEndian) { Array($0) })
            bytes += hash.finalize()
            counter += 1
        }
        return Array(bytes.prefix(count))
    }
}
