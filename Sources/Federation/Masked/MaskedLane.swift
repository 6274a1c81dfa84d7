import Encryption
import Messages
import Privacy
import Tensors
import UpdateCodec

/// What both sides of the masked lane derive alike from a federation's parameters and a round.
struct MaskedLane: Hashable, Sendable {
    let options: SharedCodecOptions
    let layout: ParameterLayout
    /// What clients do for differential privacy; nil: nothing.
    let privacy: MaskedPrivacy?
    /// Of one client's whole numbers; nil without privacy.
    let bound: SharedBound?

    /// The lane of a codec; nil for one of the visible lane.
    init?(_ codec: any UpdateCodec, layout: ParameterLayout, privacy: MaskedPrivacy?) {
        guard let masked = codec as? MaskedCodec else { return nil }
        var options = masked.options
        options.clip = privacy?.clip
        self.options = options
        self.layout = layout
        self.privacy = privacy
        bound = options.bound(layout: layout)
    }

    /// The noise of the sum that clients add in shares; nil when they do not.
    var distributedNoise: DistributedNoise? { bound.flatMap { privacy?.distributedNoise($0) } }

    /// Largest magnitude of a summand that sums are made for: noise of many clients grows with the root of their number
    /// only. Ten deviations of it fit on top of the largest sum.
    private func magnitude(clients: Int) -> Int {
        guard let noise = distributedNoise else { return options.magnitude }
        let reserve = (10 * noise.localDeviation / Double(max(1, clients)).squareRoot()).rounded(.up)
        return min(1 << 20, options.magnitude + Int(reserve))
    }

    /// Scales of the first round.
    ///
    /// - Parameter origin: version 0 as clients have it.
    func initialExponents(origin: [Float]) -> [Int] {
        SharedCodec.initialExponents(layout: layout, options: options, origin: origin)
    }

    /// The rules of a session of `clients` clients; its scales are part of the session id.
    func rules(clients: Int, exponents: [Int]) -> MaskingRules {
        MaskingRules(
            choice: MaskingThreshold.choice(clients: clients), magnitude: magnitude(clients: clients),
            count: SharedCodec.valueCount(layout: layout, options: options),
            publicState: exponents.map { UInt8(bitPattern: Int8(clamping: $0)) })
    }

    /// The scales in the rules of a session of `clients` clients; nil when the rules are not those of this lane, or when
    /// a sum could be unmasked that too few have added noise to.
    func exponents(_ rules: MaskingRules, clients: Int) -> [Int]? {
        guard rules.magnitude == magnitude(clients: clients),
            rules.choice.threshold >= privacy?.share?.survivors ?? 0,
            rules.count == SharedCodec.valueCount(layout: layout, options: options),
            rules.publicState.count == SharedCodec.runCount(layout: layout, options: options)
        else { return nil }
        let exponents = rules.publicState.map { Int(Int8(bitPattern: $0)) }
        guard bound == nil || exponents.allSatisfy({ $0 == 4 * (bound?.stepExponent ?? 0) }) else { return nil }
        return exponents
    }

    /// What all clients of a round use alike.
    ///
    /// - Parameters:
    ///   - origin: version 0 as clients have it.
    ///   - current: the version that is trained from.
    func codec(
        origin: [Float], current: [Float], exponents: [Int], seed: Seed
    ) throws(FederationError) -> SharedCodec {
        do {
            return try SharedCodec(
                options: options, layout: layout, origin: origin, current: current, exponents: exponents, seed: seed)
        } catch { throw .codec(String(describing: error)) }
    }
}

extension FederationParameters {
    /// The seed of everything that all clients of a masked round draw alike.
    func sharedSeed(round: Int) -> Seed { Seed(seed).derived("shared", round) }
}

extension AnnouncementProof {
    /// What the clients of a masked round sign besides their keys.
    func maskingContext(session: SessionID, rosterHash: Digest) -> MaskingContext {
        MaskingContext(
            federation: federation.bytes, round: round, attempt: session.bytes, modelHash: modelHash.bytes,
            parameterHash: parameterHash.bytes, rosterHash: rosterHash.bytes)
    }
}

extension Roster {
    /// BLAKE2b-256 over all entries: number, transport key, identity key or zeros, standing.
    public var hash: Digest {
        var hash = Blake2b256(personal: Array("swiftlet-roster1".utf8))
        for entry in entries {
            hash.update(UInt32(entry.number).littleEndianBytes)
            hash.update(entry.transportKey.bytes)
            hash.update(entry.identityKey?.bytes ?? [UInt8](repeating: 0, count: PublicKeyBytes.byteCount))
            hash.update([entry.standing == .approved ? 1 : 0])
        }
        return Digest(unchecked: hash.finalize())
    }
}
