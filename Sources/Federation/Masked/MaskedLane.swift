import Encryption
import Messages
import Privacy
import Tensors
import UpdateCodec

/// What both sides of the masked lane derive alike from a federation's parameters and a round.
struct MaskedLane: Hashable, Sendable {
    let options: SharedCodecOptions
    let layout: ParameterLayout

    /// The lane of a codec; nil for one of the visible lane.
    init?(_ codec: any UpdateCodec, layout: ParameterLayout) {
        guard let masked = codec as? MaskedCodec else { return nil }
        options = masked.options
        self.layout = layout
    }

    /// Scales of the first round.
    var initialExponents: [Int] { SharedCodec.initialExponents(layout: layout, options: options) }

    /// The rules of a session of `clients` clients; its scales are part of the session id.
    func rules(clients: Int, exponents: [Int]) -> MaskingRules {
        MaskingRules(
            choice: MaskingThreshold.choice(clients: clients), magnitude: options.magnitude,
            count: SharedCodec.valueCount(layout: layout, options: options),
            publicState: exponents.map { UInt8(bitPattern: Int8(clamping: $0)) })
    }

    /// The scales in the rules of a session; nil when the rules are not those of this lane.
    func exponents(_ rules: MaskingRules) -> [Int]? {
        guard rules.magnitude == options.magnitude,
            rules.count == SharedCodec.valueCount(layout: layout, options: options),
            rules.publicState.count == initialExponents.count
        else { return nil }
        return rules.publicState.map { Int(Int8(bitPattern: $0)) }
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
