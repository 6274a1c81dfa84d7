import Encryption
import Messages
import Tensors

extension CoordinatorCore {
    /// Begins an attempt at the next round with the clients that are there.
    mutating func announce() {
        if configuration.policy.buffered != nil { return announceBuffered() }
        guard canAffordRound() else { return }
        let cohort = drawCohort()
        guard canCollect(cohort) else { return }
        let time = answerTime(of: cohort)
        open(cohort, until: now + time + unmaskingTime(of: time), weightShift: weightShift(of: cohort))
        beginMasked(uploadDeadline: now + time)
        for number in cohort {
            if let peer = readyPeers[number] { announce(to: number, peer, base: peers[peer]?.heldVersion) }
        }
    }

    /// Makes the session of an attempt with a key of its own, and collects updates from now on.
    mutating func open(_ cohort: [Int], until deadline: Duration, weightShift: Int) {
        effects.append(.journal(next))
        let key = makeRoundKey()
        let proof = AnnouncementProof(
            federation: configuration.parameters.federation, parameterHash: parameterHash, round: UInt32(next.round),
            attempt: UInt32(next.attempt), version: model.version, modelHash: model.hash,
            roundKey: PublicKeyBytes(unchecked: key.publicKey))
        var report = RoundReport(
            round: next.round, attempt: next.attempt, version: model.version, modelHash: model.hash, cohort: cohort)
        report.rejected = strays
        strays = [:]
        let announced = AnnouncedSession(proof: proof, signature: proof.signed(by: identity), key: key)
        round = ActiveRound(
            attempt: next, announced: announced, began: now, deadline: deadline,
            needed: configuration.policy.needed(of: cohort.count), weightShift: weightShift,
            parameterCount: configuration.layout.count, report: report)
        let collector = UpdateCollector(configuration.policy.aggregation, updateCount: cohort.count)
        round?.collector = collector
        phase = .collecting
        phaseDeadline = deadline
    }

    /// Sends the announcement with the smallest encoding of the model for a client that holds `base`.
    mutating func announce(to number: Int, _ peer: PeerID, base: UInt32?) {
        guard let round else { return }
        sendSignedRoster(to: peer)
        let proof = round.proof
        let deadline = round[number]?.turn?.deadline ?? round.deadline
        let encoding = history.encoding(base: base)
        let message = CoordinatorMessage.announcement(
            .init(
                round: proof.round, attempt: proof.attempt, version: proof.version, baseVersion: encoding.base,
                modelHash: proof.modelHash, roundKey: proof.roundKey, signature: round.announced.signature,
                deadline: deadline - now, byteCount: encoding.payload.byteCount,
                rosterHash: round.masked?.rosterHash, predictionRound: lastUpdates[number]?.round))
        send(message, payload: encoding.payload.chunks.first, to: peer)
        sendChunks(of: encoding, from: 1, of: round.session, to: peer)
        let now = now
        let sessionKey = peers[peer]?.hello?.sessionKey
        self.round?.update(number) { member in
            member.earlier = nil
            member.sessionKey = sessionKey
            member.encoding = encoding
            member.announced = member.announced ?? now
        }
    }

    private mutating func sendChunks(
        of encoding: ModelHistory.Encoding, from first: Int, of session: SessionID, to peer: PeerID
    ) {
        guard first < encoding.payload.chunks.count else { return }
        for index in first..<encoding.payload.chunks.count {
            send(.chunk(.init(session: session, index: index)), payload: encoding.payload.chunks[index], to: peer)
        }
    }

    /// Asks a client of the cohort again that has come back, or goes on with the download that was cut off.
    mutating func reannounce(_ number: Int, _ peer: PeerID, hello: ClientMessage.Hello) {
        guard let member = round?[number], member.answer == nil, member.standing == .pending else { return }
        if let resume = hello.resume, resume.session == round?.announced(to: number).id,
            let encoding = member.encoding
        {
            sendChunks(of: encoding, from: max(1, resume.nextChunk), of: resume.session, to: peer)
        } else {
            announce(to: number, peer, base: peers[peer]?.heldVersion)
        }
    }

    /// Takes a client of the cohort back; the result is where its upload goes on.
    mutating func rejoin(_ number: Int, hello: ClientMessage.Hello) -> ResumePoint? {
        guard let session = round?.announced(to: number).id, let member = round?[number] else { return nil }
        if member.standing == .gone { round?.set(.pending, of: number) }
        guard member.sessionKey == hello.sessionKey else {
            // Another run of the client has other keys: what the former one sent cannot be continued.
            dropUpload(of: number)
            // The secrets of its masks are gone with the former run.
            if round?.masked != nil, member.standing != .accepted { round?.set(.failed, of: number) }
            round?.update(number) { member in
                member.sessionKey = nil
                member.payloadKey = nil
                member.encoding = nil
                member.earlier = nil
                member.turn?.end = nil
            }
            return nil
        }
        guard hello.resume?.session == session, let upload = member.upload, round?.uploading.contains(number) == true
        else { return nil }
        return ResumePoint(session: session, nextChunk: upload.nextChunk)
    }

    mutating func receive(_ request: ClientMessage.ModelRequest, from number: Int, _ peer: PeerID) {
        guard request.session == round?.announced(to: number).id, let member = round?[number], member.answer == nil,
            member.standing == .pending, member.modelRequests < configuration.limits.modelRequests
        else { return }
        let isNews = request.heldVersion != member.encoding?.base
        peers[peer]?.heldVersion = request.heldVersion
        round?.update(number) { $0.modelRequests += 1 }
        announce(to: number, peer, base: isNews ? request.heldVersion : nil)
    }

    mutating func receive(_ decline: ClientMessage.Decline, from number: Int) {
        guard decline.session == round?.announced(to: number).id, let member = round?[number], member.answer == nil,
            member.standing == .pending
        else { return }
        round?.report.declined[decline.reason.rawValue, default: 0] += 1
        if waitsForItsTurn(number, afterUpload: 0) { return }
        dropUpload(of: number)
        round?.set(.failed, of: number)
        if decline.reason == .roster { forgetRoster(of: number) }
    }

    private func makeRoundKey() -> AgreementKeyPair {
        do { return try AgreementKeyPair(secret: entropy(PublicKeyBytes.byteCount)) } catch {
            preconditionFailure("the source of entropy failed: \(error)")
        }
    }

    /// Time that a cohort gets: a multiple of the slowest answer expected, the ceiling where a speed is not known.
    private func answerTime(of cohort: [Int]) -> Duration {
        let policy = configuration.policy
        var slowest = 0.0
        for number in cohort {
            guard let seconds = answerSeconds[number] else { return policy.deadlineCeiling }
            slowest = max(slowest, seconds)
        }
        return max(policy.deadlineFloor, min(policy.deadlineCeiling, .seconds(slowest * policy.deadlineFactor)))
    }

    /// Halvings of the sample counts after which their sum fits the accumulator.
    func weightShift(of cohort: [Int]) -> Int {
        guard configuration.policy.weighting == .samples else { return 0 }
        let total = cohort.reduce(into: 0) { sum, number in
            let samples = readyPeers[number].flatMap { peers[$0]?.hello?.sampleCount } ?? 0
            sum += min(samples, FixedPointAccumulator.maximumWeight)
        }
        var shift = 0
        // Half of the range stays free for clients that trained on more than they had announced.
        while total >> shift > FixedPointAccumulator.maximumWeight / 2 { shift += 1 }
        return shift
    }
}
