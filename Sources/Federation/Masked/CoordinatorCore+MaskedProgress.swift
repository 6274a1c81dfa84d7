import Messages
import Privacy
import UpdateCodec

extension CoordinatorCore {
    /// Goes on to the next stage of the masked lane when everything is in or its time is over.
    mutating func progressMasked() {
        while let stage = round?.masked?.stage {
            guard isStageComplete(stage) || isPhaseOver else { return }
            do { try close(stage) } catch {
                effects.append(.warn("round \(next.round): \(error)"))
                return fail()
            }
            guard stage != .reveals else { return }
        }
    }

    private func isStageComplete(_ stage: MaskedRound.Stage) -> Bool {
        guard let round, let masked = round.masked else { return false }
        switch stage {
        case .keys, .shares:
            return round.cohort.allSatisfy { round[$0]?.standing != .pending || masked.done.contains($0) }
        case .uploads: return round.count(.pending) == 0
        case .reveals:
            let open = round.cohort.filter {
                round[$0]?.standing == .accepted && !masked.done.contains($0) && readyPeers[$0] != nil
            }
            return open.isEmpty
        }
    }

    private mutating func close(_ stage: MaskedRound.Stage) throws(MaskingError) {
        switch stage {
        case .keys: try closeKeys()
        case .shares: try closeShares()
        case .uploads: try closeMaskedUploads()
        case .reveals: try unmask()
        }
    }

    private mutating func closeKeys() throws(MaskingError) {
        guard let lane, let exponents = round?.masked?.exponents else { return }
        dropLaggards()
        try requireQuorum(round?.masked?.coordinator.advertCount ?? 0)
        try round?.masked?.coordinator.begin { lane.rules(clients: $0, exponents: exponents) }
        enter(.shares, until: now + (round?.masked?.exchangeTime ?? .zero))
    }

    private mutating func closeShares() throws(MaskingError) {
        dropLaggards()
        try requireQuorum(round?.masked?.coordinator.dealCount ?? 0)
        try round?.masked?.coordinator.handOn()
        enter(.uploads, until: max(now, round?.masked?.uploadDeadline ?? now))
    }

    private mutating func closeMaskedUploads() throws(MaskingError) {
        try requireQuorum(round?.count(.accepted) ?? 0)
        _ = try round?.masked?.coordinator.closeUploads()
        enter(.reveals, until: now + (round?.masked?.exchangeTime ?? .zero))
    }

    private func requireQuorum(_ count: Int) throws(MaskingError) {
        guard let needed = round?.needed, count >= needed else {
            throw .belowThreshold(actual: count, needed: round?.needed ?? 0)
        }
    }

    /// Who has not handed in its part takes no further part.
    private mutating func dropLaggards() {
        guard let round, let masked = round.masked else { return }
        for number in round.cohort where !masked.done.contains(number) { self.round?.set(.failed, of: number) }
    }

    private mutating func enter(_ stage: MaskedRound.Stage, until deadline: Duration) {
        round?.masked?.stage = stage
        round?.masked?.done = []
        phaseDeadline = deadline
        for number in round?.cohort ?? [] {
            if let peer = readyPeers[number] { sendMaskingStep(to: number, peer) }
        }
    }

    /// Reads the sum and goes on as after a visible round.
    private mutating func unmask() throws(MaskingError) {
        guard let lane, let masked = round?.masked else { return }
        let outcome = try masked.coordinator.unmask()
        for found in outcome.corrupt { effects.append(.warn("round \(next.round): \(found)")) }
        let clients = outcome.clients.count
        do {
            let codec = try lane.codec(
                origin: origin, current: model.published.parameters, exponents: masked.exponents,
                seed: configuration.parameters.sharedSeed(round: next.round))
            guard let mean = try meanUpdate(outcome, codec) else { return fail() }
            let exponents = codec.nextExponents(outcome.sum, clients: clients)
            round?.report.scaleExponents = exponents
            scaleExponents = exponents
            aggregate(mean)
        } catch {
            effects.append(.warn("round \(next.round): \(error)"))
            fail()
        }
    }

    /// The mean update of a sum, private where it has to be; nil when its release is refused.
    private mutating func meanUpdate(
        _ outcome: MaskingCoordinator.Outcome, _ codec: SharedCodec
    ) throws(FederationError) -> [Float]? {
        do {
            guard let bound = codec.bound else { return try codec.mean(outcome.sum, clients: outcome.clients.count) }
            guard
                let coefficients = privateCoefficients(outcome.sum, bound: bound, clients: outcome.clients.count)
            else { return nil }
            return try codec.update(of: coefficients)
        } catch { throw .codec("\(error)") }
    }
}
