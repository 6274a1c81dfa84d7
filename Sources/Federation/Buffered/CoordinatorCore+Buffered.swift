import Messages
import Tensors

extension CoordinatorCore {
    /// Begins the next version of buffered rounds: turns that are under way go on, and free places are given out.
    mutating func announceBuffered() {
        guard let settings = configuration.policy.buffered else { return }
        open(
            [], until: now + configuration.policy.deadlineCeiling,
            weightShift: weightShift(of: Array(readyPeers.keys)))
        turns.roundBegan = turns.linkSeconds
        goOn(settings)
        giveOutTurns()
        let messages = turns.messages
        turns = KeptTurns(linkSeconds: turns.linkSeconds, roundBegan: turns.roundBegan)
        for message in messages { receive(message.frames, from: message.peer) }
    }

    /// Gives up turns that take too long, takes those that are due and gives out free places.
    mutating func progressTurns(_ settings: BufferedRounds) {
        giveUpOverdueTurns()
        while !isBufferFull, let number = dueTurn() {
            take(number)
            giveOutTurns()
        }
        giveOutTurns()
    }

    /// Whether a new version is to be made.
    var isBufferFull: Bool {
        guard let settings = configuration.policy.buffered, let round else { return false }
        return round.count(.accepted) >= settings.size
    }

    /// Whether updates are taken in the order of the links, and not as they come.
    private var isOrdered: Bool { configuration.turnTime != nil }

    /// When the first of the turns under way is given up.
    var turnDeadline: Duration? { round?.members.values.compactMap { $0.isUnderWay ? $0.turn?.deadline : nil }.min() }

    /// Sessions that are remembered after their end, so that whoever answers them hears what became of it.
    var rememberedSessionCount: Int { max(4, 2 * (configuration.policy.buffered?.maximumStaleness ?? 0) + 4) }

    /// Multiplies a decoded update by what it counts for being late.
    mutating func discountStaleness(of number: Int) {
        guard configuration.policy.buffered != nil, let announced = round?.announced(to: number) else { return }
        let staleness = Int(model.version) - Int(announced.proof.version)
        round?.staleness[number] = staleness
        guard staleness > 0 else { return }
        let factor = BufferedRounds.discount(staleness: staleness)
        for index in scratch.indices { scratch[index] *= factor }
    }

    /// Keeps the turns that are under way when a round is closed, and reports on those that have ended.
    mutating func keepTurns(of round: ActiveRound, _ report: inout RoundReport) {
        for (number, member) in round.members where member.isUnderWay {
            var member = member
            member.earlier = round.announced(to: number)
            turns.members[number] = member
        }
        turns.uploading = round.uploading
        turns.queue = round.queue
        report.cohort = round.members.filter { !$0.value.isUnderWay }.keys.sorted()
        report.staleness = report.participants.map { round.staleness[$0] ?? 0 }
        if isOrdered { report.linkSeconds = turns.linkSeconds - turns.roundBegan }
    }

    // MARK: - Between two rounds

    /// Whether a message belongs to a turn that goes on once the next round is open.
    func isForKeptTurn(_ message: ClientMessage, from peer: PeerID) -> Bool {
        guard round == nil, !turns.members.isEmpty, let number = peers[peer]?.number else { return false }
        let session: SessionID
        switch message {
        case .update(let header): session = header.session
        case .chunk(let chunk): session = chunk.session
        case .decline(let decline): session = decline.session
        case .hello, .join, .goodbye, .modelRequest, .masking: return false
        }
        return turns.members[number]?.earlier?.id == session
    }

    /// Keeps a message for the next round; what is too much is sent again by its client.
    mutating func keep(_ frames: [[UInt8]], from peer: PeerID) {
        guard turns.messages.count < configuration.limits.keptFirstChunks else { return }
        turns.messages.append((frames, peer))
    }

    /// Takes over the turns that are under way. One that is too far behind by now is given up: its client hears of it at
    /// once where its update has begun to come, and otherwise when it does.
    private mutating func goOn(_ settings: BufferedRounds) {
        for (number, member) in turns.members.sorted(by: { $0.key < $1.key }) {
            guard let earlier = member.earlier else { continue }
            let peer = readyPeers[number]
            guard Int(model.version) - Int(earlier.proof.version) <= settings.maximumStaleness else {
                if let header = member.upload?.header, let peer { answer(.tooStale, header, peer) }
                continue
            }
            // Another run of the client knows nothing of this turn.
            if let peer, peers[peer]?.hello?.sessionKey != member.sessionKey { continue }
            round?.join(number, member)
            if turns.uploading.contains(number) { round?.uploading.insert(number) }
            if peer == nil { round?.set(.gone, of: number) } else { round?.set(.pending, of: number) }
        }
        let members = round?.members ?? [:]
        round?.queue = turns.queue.filter { members[$0]?.isUnderWay == true }
        turns.members = [:]
        admitWaiting()
    }

    // MARK: - Turns

    /// Asks clients that are there until as many are at work as the policy wants.
    private mutating func giveOutTurns() {
        guard let round, !isBufferFull else { return }
        let wanted: Int
        if case .count(let count) = configuration.policy.cohort { wanted = count } else { wanted = readyPeers.count }
        let missing = wanted - round.count(.pending)
        guard missing > 0 else { return }
        let free = readyPeers.keys.filter { round[$0] == nil }
        guard !free.isEmpty else { return }
        let seed = Seed(configuration.parameters.seed).derived("turn", next.round, next.attempt, round.drawCount)
        self.round?.drawCount += 1
        for number in CohortSampler.draw(.count(missing), from: free, seed: seed) { beginTurn(of: number) }
    }

    private mutating func beginTurn(of number: Int) {
        guard let peer = readyPeers[number] else { return }
        var member = Member()
        member.turn = Turn(deadline: now + configuration.policy.deadlineCeiling, began: turns.linkSeconds)
        round?.join(number, member)
        announce(to: number, peer, base: peers[peer]?.heldVersion)
        guard let turnTime = configuration.turnTime else { return }
        let earliest = turns.linkSeconds + turnTime(number, downByteCount(of: number), Self.messageByteCount)
        round?.update(number) { $0.turn?.earliest = earliest }
    }

    /// Bytes of the messages around an update or a version, about.
    private static let messageByteCount = 150

    private func downByteCount(of number: Int) -> Int {
        (round?[number]?.encoding?.payload.byteCount ?? 0) + 2 * Self.messageByteCount
    }

    /// Notes the end of a turn on the clock of the links; true where the answer has to wait until it is due, or for the
    /// next version because this one is full.
    ///
    /// What waits is the update as it came, so that memory is that of the updates of one cohort.
    mutating func waitsForItsTurn(_ number: Int, afterUpload byteCount: Int) -> Bool {
        guard let turn = round?[number]?.turn, !turn.isDue, isOrdered || isBufferFull else { return false }
        let time = configuration.turnTime?(number, downByteCount(of: number), byteCount + Self.messageByteCount) ?? 0
        round?.update(number) { $0.turn?.end = max(turn.began + time, turn.earliest) }
        // The others must be able to send, for they may come first.
        if round?.uploading.remove(number) != nil { admitWaiting() }
        return true
    }

    /// The client whose turn ends first on the clock of the links; nil while one might still end before it. Of two that
    /// end at once, the one with the smaller number comes first.
    private func dueTurn() -> Int? {
        guard let round else { return nil }
        var first: (end: Double, number: Int)?
        for (number, member) in round.members where member.standing == .pending {
            guard let turn = member.turn, isOrdered || turn.end != nil else { continue }
            let candidate = (end: turn.end ?? turn.earliest, number: number)
            if let known = first, known < candidate { continue }
            first = candidate
        }
        guard let first, round[first.number]?.turn?.end != nil else { return nil }
        return first.number
    }

    private mutating func take(_ number: Int) {
        round?.update(number) { $0.turn?.isDue = true }
        turns.linkSeconds = max(turns.linkSeconds, round?[number]?.turn?.end ?? 0)
        guard round?[number]?.upload != nil, let peer = readyPeers[number] else {
            round?.set(.failed, of: number)
            return dropUpload(of: number)
        }
        complete(number, peer)
    }

    private mutating func giveUpOverdueTurns() {
        for (number, member) in round?.members ?? [:] where member.isUnderWay && member.turn?.end == nil {
            guard let deadline = member.turn?.deadline, now >= deadline else { continue }
            round?.set(.failed, of: number)
            round?.report.missing += 1
            dropUpload(of: number)
        }
    }
}

extension Member {
    /// Whether an answer is expected.
    var isUnderWay: Bool { standing == .pending || standing == .gone }
}
