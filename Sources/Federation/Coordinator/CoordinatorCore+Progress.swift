import Messages

extension CoordinatorCore {
    mutating func start() {
        guard phase == .idle else { return }
        warnOfUnsigned()
        if isComplete { finish() } else { enrol() }
    }

    /// Does everything that is due by now.
    mutating func progress() {
        switch phase {
        case .enrolling: progressEnrolling()
        case .pausing: if isPhaseOver { enrol() }
        case .collecting: progressCollecting()
        case .evaluating: if isPhaseOver { publishUnevaluated() }
        case .finishing: progressFinishing()
        case .idle, .finished, .stopped: break
        }
    }

    var isPhaseOver: Bool { phaseDeadline.map { now >= $0 } ?? false }

    /// Asks for a tick when the next deadline comes, unless that is arranged already.
    mutating func arm() {
        guard let wanted = nextDeadline else {
            armed = nil
            return
        }
        guard armed != wanted else { return }
        armed = wanted
        effects.append(.wake(at: wanted))
    }

    private var nextDeadline: Duration? {
        switch phase {
        case .idle, .finished, .stopped: nil
        case .collecting: [phaseDeadline, stallDeadline, turnDeadline].compactMap(\.self).min()
        case .enrolling, .pausing, .evaluating, .finishing: phaseDeadline
        }
    }

    /// Waits for enough clients, and begins at once when they are there.
    mutating func enrol() {
        phase = .enrolling
        phaseDeadline = configuration.policy.enrolmentDeadline.map { now + $0 }
        progressEnrolling()
    }

    private mutating func progressEnrolling() {
        let count = eligible.count
        let needed = max(requiredClients, configuration.policy.needed(of: count))
        if count >= needed {
            requiredClients = 1
            announce()
        } else if isPhaseOver {
            end(.tooFewClients(connected: count, needed: needed))
        }
    }

    mutating func send(_ message: CoordinatorMessage, payload: [UInt8]? = nil, to peer: PeerID) {
        effects.append(.send(frames: FramedMessage(message, payload: payload).frames(), to: peer))
    }

    mutating func stop() {
        guard phase != .finished else {
            phase = .stopped
            return
        }
        round = nil
        publication = nil
        end(.stopped)
        phase = .stopped
    }

    /// Nothing is done after this, except telling those who come late that it is over.
    mutating func end(_ outcome: FinishReport.Outcome) {
        phase = .finished
        phaseDeadline = nil
        round = nil
        effects.append(
            .finished(FinishReport(outcome: outcome, version: model.version, modelHash: model.hash)))
    }
}

extension RoundPolicy {
    /// Updates that a round needs when `ready` clients are there.
    func needed(of ready: Int) -> Int {
        if let buffered { return quorum.needed(of: buffered.size) }
        return switch cohort {
        case .all, .poisson, .dealt: quorum.needed(of: ready)
        case .count(let count): quorum.needed(of: count)
        }
    }
}
