import Messages

extension ClientCore {
    mutating func receive(_ frames: [[UInt8]], from peer: PeerID) {
        guard peer == coordinator else { return ignore("a message of somebody else") }
        let framed: FramedMessage<CoordinatorMessage>
        do { framed = try FramedMessage<CoordinatorMessage>(frames: frames) } catch {
            return ignore("a malformed message: \(error)")
        }
        switch framed.message {
        case .welcome(let welcome): receive(welcome)
        case .refusal(let refusal): refused(refusal)
        case .announcement(let announcement): receive(announcement, payload: framed.payload)
        case .chunk(let chunk): receive(chunk, payload: framed.payload ?? [])
        case .receipt(let receipt): receive(receipt)
        case .sendOn(let point): receive(point)
        case .finish(let finish): finished(finish)
        case .masking(let step): receive(step)
        case .roster(let part): receive(part)
        case .enrolled: ignore("an enrolment that was not asked for")
        }
    }

    mutating func ignore(_ what: String) { effects.append(.report(.ignored(what))) }

    private mutating func refused(_ refusal: CoordinatorMessage.Refusal) {
        abandonSession()
        isOver = true
        effects.append(.refused(refusal.reason, detail: refusal.detail))
    }

    private mutating func finished(_ finish: CoordinatorMessage.Finish) {
        abandonSession()
        isOver = true
        effects.append(.finished(finish))
    }
}
