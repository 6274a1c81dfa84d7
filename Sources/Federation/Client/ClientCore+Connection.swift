import Encryption
import Messages
import Tensors
import UpdateCodec

extension ClientCore {
    mutating func connect(_ peer: PeerID) {
        coordinator = peer
        isWelcomed = false
        markAsked()
        if model == nil, let parameters { effects.append(.prepare(parameters)) }
        greet()
    }

    mutating func disconnect(_ peer: PeerID) {
        guard peer == coordinator else { return }
        coordinator = nil
        isWelcomed = false
    }

    mutating func greet() {
        send(
            .hello(
                .init(
                    sessionKey: PublicKeyBytes(unchecked: keys.publicKey), parameterHash: parameterHash,
                    heldVersion: model?.version ?? state.held?.version, sampleCount: configuration.sampleCount,
                    deviceProfile: configuration.deviceProfile, resume: session?.resumePoint,
                    identityKey: needsIdentity ? PublicKeyBytes(unchecked: identity.publicKey) : nil,
                    rosterEpoch: configuration.rootKey.map { _ in members?.epoch ?? 0 })))
    }

    /// Whether the coordinator must know who signs for this client: in the masked lane, or when that is not known yet.
    private var needsIdentity: Bool { parameters.map { MaskedCodec.isNamed(by: $0.compression.up) } ?? true }

    mutating func receive(_ welcome: CoordinatorMessage.Welcome) {
        if let packed = welcome.parameters {
            let bytes: [UInt8]
            do { bytes = try FederationParameters.unpacked(packed) } catch { return fail("\(error)") }
            if bytes != state.parameters, !adopt(bytes, federation: welcome.federation) { return }
        }
        guard parameters?.federation == welcome.federation else {
            return ignore("a welcome of another federation, or without parameters")
        }
        if state.clientNumber != welcome.clientNumber {
            state.clientNumber = welcome.clientNumber
            persist()
        }
        isWelcomed = true
        effects.append(.report(.welcomed(number: welcome.clientNumber)))
        repeatMaskingStep()
        if session?.stage == .sending { resume(at: welcome.resume) }
    }

    /// Begins anew with other parameters: what belonged to the former ones is of no use.
    private mutating func adopt(_ bytes: [UInt8], federation: FederationID) -> Bool {
        let adopted: FederationParameters
        do { adopted = try FederationParameters(canonicalJSON: bytes) } catch {
            fail("\(error)")
            return false
        }
        abandonSession()
        // What was seen of a federation's rosters is remembered, lest going away and back made an old one new.
        let roster = parameters?.federation == adopted.federation ? state.roster : nil
        state = ClientState(parameters: bytes, roster: roster, rosterEpochs: state.rosterEpochs)
        parameters = adopted
        restoreMembers()
        parameterHash = FederationParameters.hash(of: bytes)
        model = nil
        effects.append(.prepare(adopted))
        return true
    }

    /// Builds version 0, goes over to the stored version and on with what has come in the meantime.
    mutating func prepared(_ layout: ParameterLayout, _ initial: [Float]) {
        guard model == nil, let parameters else { return }
        do {
            let work = state.clientNumber.flatMap { parameters.work(of: $0) }
            var built = try LocalModel(
                layout: layout, initial: initial, compression: parameters.compression,
                updateLimit: work?.updateByteCount)
            if let held = state.held {
                do { try built.hold(held) } catch {
                    ignore("the stored model is not usable (\(error)); going on from version 0")
                }
            }
            model = built
        } catch {
            return fail("\(error)")
        }
        if state.residual.count != layout.count { state.residual = [] }
        if state.lastUpdate?.values.count != layout.count { state.lastUpdate = nil }
        if let after = state.pending?.residualAfter, !after.isEmpty, after.count != layout.count { state.pending = nil }
        if session?.stage == .downloading { finishDownload() }
    }

    /// Stores everything in one piece.
    mutating func persist() {
        state.held = model?.stored ?? state.held
        effects.append(.persist(state))
    }
}
