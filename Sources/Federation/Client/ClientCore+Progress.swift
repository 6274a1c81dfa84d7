import Messages
import Privacy

extension ClientCore {
    /// Gives up what is too late and repeats what was not answered.
    mutating func progress() {
        guard !isOver else { return }
        if let deadline = session?.deadline, now >= deadline { expire() }
        guard let due = retransmissionTime, now >= due else { return }
        asked = now
        repeats += 1
        if !isWelcomed {
            greet()
            return
        }
        repeatMaskingStep()
        if session?.stage == .downloading {
            requestModel(held: model?.version)
        } else if session?.stage == .sending {
            sendUpdate()
        }
    }

    /// Sends the step of the masked lane again that waits for an answer.
    mutating func repeatMaskingStep() {
        if let masked = session?.masked, masked.isWaiting, session?.stage != .over { send(.masking(masked.step)) }
    }

    /// A message that wants an answer goes out, or what was asked for begins to come.
    mutating func markAsked() {
        asked = now
        repeats = 0
    }

    /// Asks for a tick when the next thing is due, unless that is arranged already.
    mutating func arm() {
        guard let wanted = isOver ? nil : nextDeadline else {
            armed = nil
            return
        }
        guard armed != wanted else { return }
        armed = wanted
        effects.append(.wake(at: wanted))
    }

    private var nextDeadline: Duration? {
        let isUnderWay = session.map { $0.stage != .over } ?? false
        return [isUnderWay ? session?.deadline : nil, retransmissionTime].compactMap(\.self).min()
    }

    /// When the message that waits for an answer is sent again; nil when none does.
    private var retransmissionTime: Duration? {
        guard coordinator != nil else { return nil }
        let isWaiting =
            switch session?.stage {
            case .downloading: session?.isDownloaded == false
            case .sending: true
            case .training: session?.masked?.isWaiting ?? false
            case .over, nil: false
            }
        guard isWaiting || !isWelcomed else { return nil }
        // A slow line needs time for a large update, and a busy coordinator is not helped by repeats.
        let transfer = session?.stage == .sending ? (state.pending?.bytes.count ?? 0) / Self.slowestBytesPerSecond : 0
        return asked + (configuration.retransmission + .seconds(transfer)) * (1 << min(repeats, 6))
    }

    private static let slowestBytesPerSecond = 16 * 1024

    /// The round is over at the coordinator too: what comes now would be late.
    private mutating func expire() {
        guard let session, session.stage != .over else { return }
        if session.stage == .training { effects.append(.cancelTraining(session.id)) }
        self.session?.stage = .over
        self.session?.bytes = []
        self.session?.masked?.client.wipe()
    }
}
