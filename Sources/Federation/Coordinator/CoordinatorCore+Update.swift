import Messages
import UpdateCodec

extension CoordinatorCore {
    /// Takes an update, or its first chunk, after all checks that need no decryption.
    mutating func receive(
        _ header: ClientMessage.UpdateHeader, payload: [UInt8], from number: Int, _ peer: PeerID
    ) {
        guard let announced = round?.announced(to: number), header.session == announced.id else {
            return answerClosed(header, from: number, peer)
        }
        guard let member = round?[number] else { return answer(.notInCohort, header, peer) }
        // Whoever trained from a version holds it.
        peers[peer]?.heldVersion = announced.proof.version
        if let known = member.answer { return answerAgain(known, header, peer) }
        guard member.standing == .pending else { return answer(.notInCohort, header, peer) }
        if let upload = member.upload {
            guard upload.header.resultID == header.resultID else { return answer(.equivocation, header, peer) }
            return receiveFirst(payload, of: header, from: number, peer)
        }
        let upload = Upload(header: header, progress: now)
        round?.update(number) { $0.upload = upload }
        let activationByteCount = isCalibrating(number) ? CalibratedUpdate.maximumByteCount : 0
        guard header.byteCount <= PublishedModel.maximumByteCount(configuration.layout) + activationByteCount else {
            return reject(.tooLarge, number, peer)
        }
        receiveFirst(payload, of: header, from: number, peer)
    }

    /// An update of a session that is over, or that this run never had.
    private mutating func answerClosed(_ header: ClientMessage.UpdateHeader, from number: Int, _ peer: PeerID) {
        guard let closed = closedSessions.last(where: { $0.session == header.session }) else {
            return answer(.stale, header, peer)
        }
        if let known = closed.answers[number] { return answerAgain(known, header, peer) }
        guard closed.cohort.contains(number) else { return answer(.notInCohort, header, peer) }
        answer(outcome(closed), header, peer)
    }

    /// The answer to an update that comes too late for its session.
    private func outcome(_ closed: ClosedSession) -> UpdateOutcome {
        if let settings = configuration.policy.buffered {
            return Int(model.version) - Int(closed.version) > settings.maximumStaleness ? .tooStale : .late
        }
        return closed.session == closedSessions.last?.session ? .late : .stale
    }

    /// A client that has its answer: the same update gets the same one, any other update is an equivocation.
    private mutating func answerAgain(
        _ known: ClosedSession.Answer, _ header: ClientMessage.UpdateHeader, _ peer: PeerID
    ) {
        guard known.resultID == header.resultID else { return answer(.equivocation, header, peer) }
        round?.report.repeats += 1
        send(.receipt(.init(session: header.session, outcome: known.outcome)), to: peer)
    }

    mutating func answer(_ outcome: UpdateOutcome, _ header: ClientMessage.UpdateHeader, _ peer: PeerID) {
        count(outcome)
        send(.receipt(.init(session: header.session, outcome: outcome)), to: peer)
    }

    /// Ends an update that was taken on; its client has failed in this attempt.
    mutating func reject(_ outcome: UpdateOutcome, _ number: Int, _ peer: PeerID) {
        guard let header = round?[number]?.upload?.header else { return }
        round?.set(.failed, of: number)
        settle(outcome, number)
        answer(outcome, header, peer)
    }

    /// Notes what became of an update and makes room for the next one.
    mutating func settle(_ outcome: UpdateOutcome, _ number: Int) {
        round?.update(number) { member in
            if let header = member.upload?.header {
                member.answer = ClosedSession.Answer(resultID: header.resultID, outcome: outcome)
            }
        }
        if let earlier = round?[number]?.earlier, let answer = round?[number]?.answer,
            let index = closedSessions.lastIndex(where: { $0.session == earlier.id })
        {
            closedSessions[index].answers[number] = answer
        }
        dropUpload(of: number)
    }

    /// Decodes a complete update and adds it to the sum.
    mutating func complete(_ number: Int, _ peer: PeerID) {
        guard let upload = round?[number]?.upload else { return }
        if waitsForItsTurn(number, afterUpload: upload.header.byteCount) { return }
        guard ResultID(update: upload.bytes, session: upload.header.session) == upload.header.resultID else {
            return reject(.malformed, number, peer)
        }
        if round?.masked != nil {
            if let failure = addMasked(upload.bytes, from: number) { return reject(failure, number, peer) }
            return accept(upload.header, number, peer)
        }
        var content = CalibratedUpdate(update: upload.bytes, activations: [])
        if isCalibrating(number) {
            do { content = try CalibratedUpdate(decoding: upload.bytes) } catch {
                return reject(.malformed, number, peer)
            }
            guard content.activations.count == configuration.activationPointCount else {
                return reject(.wrongShape, number, peer)
            }
        }
        if let failure = decode(content.update, from: number) { return reject(failure, number, peer) }
        let decoded = configuration.parameters.compression.predictsUpdates ? scratch : []
        discountStaleness(of: number)
        let weight = weight(of: upload.header.sampleCount)
        let work = configuration.parameters.work(of: number)
        let first = min(work?.firstParameter ?? 0, scratch.count)
        do { try add(from: number, weight: weight, first: first) } catch {
            return reject(error.updateOutcome, number, peer)
        }
        if !decoded.isEmpty { noteLastUpdate(content.update, decoded: decoded, of: number) }
        round?.activations.merge(content.activations)
        accept(upload.header, number, peer)
    }

    /// Keeps an update that counts, to predict the client's next one by.
    private mutating func noteLastUpdate(_ bytes: [UInt8], decoded: [Float], of number: Int) {
        guard var noted = round?.lastUpdates else { return }
        round?.lastUpdates = [:]
        let update = LastUpdate(round: UInt32(round(of: number)), bytes: bytes, decoded: decoded)
        lastUpdates.note(update, of: number, in: &noted)
        round?.lastUpdates = noted
    }

    /// The round that a client's update is for.
    private func round(of number: Int) -> Int { Int(round?.announced(to: number).proof.round ?? 0) }

    /// Whether the update of a client brings activations along.
    private func isCalibrating(_ number: Int) -> Bool {
        configuration.parameters.plan.calibrates(in: round(of: number))
    }

    private mutating func accept(_ header: ClientMessage.UpdateHeader, _ number: Int, _ peer: PeerID) {
        round?.set(.accepted, of: number)
        round?.report.participants.append(number)
        round?.report.sampleCount += header.sampleCount
        round?.lossSum += Double(header.trainingLoss) * Double(header.sampleCount)
        if let announced = round?[number]?.announced { observe(now - announced, of: number) }
        settle(.accepted, number)
        send(.receipt(.init(session: header.session, outcome: .accepted)), to: peer)
    }

    /// Decodes into `scratch`; the result is why that failed, nil when it did not.
    private mutating func decode(_ bytes: [UInt8], from number: Int) -> UpdateOutcome? {
        var context = configuration.parameters.codecContext(round: round(of: number), client: number)
        context.prediction = lastUpdates[number]?.prediction
        do {
            try codec.decode(bytes, layout: configuration.layout, context: context, into: &scratch)
            return nil
        } catch {
            defer { for index in scratch.indices { scratch[index] = 0 } }
            return error.updateOutcome(decoded: scratch)
        }
    }

    private func weight(of sampleCount: Int) -> Int {
        switch configuration.policy.weighting {
        case .uniform: 1
        case .samples: max(1, sampleCount >> (round?.weightShift ?? 0))
        }
    }

    /// Smooths the time that a client takes, in seconds; a new value counts for three tenths.
    private mutating func observe(_ time: Duration, of number: Int) {
        let seconds = time / .seconds(1)
        answerSeconds[number] = answerSeconds[number].map { 0.7 * $0 + 0.3 * seconds } ?? seconds
    }
}
