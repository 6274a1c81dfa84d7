import Messages

extension CoordinatorCore {
    /// Reads a message and passes it on; what cannot be read is counted and disturbs nobody.
    mutating func receive(_ frames: [[UInt8]], from peer: PeerID) {
        let framed: FramedMessage<ClientMessage>
        do { framed = try FramedMessage<ClientMessage>(frames: frames) } catch {
            malformed(error, from: peer)
            return
        }
        if isForKeptTurn(framed.message, from: peer) { return keep(frames, from: peer) }
        switch framed.message {
        case .hello(let hello): receive(hello, from: peer)
        case .join(let join): receive(join, from: peer)
        case .goodbye: depart(peer)
        case .update(let header):
            if let number = greetedNumber(peer) { receive(header, payload: framed.payload ?? [], from: number, peer) }
        case .chunk(let chunk):
            if let number = greetedNumber(peer) { receive(chunk, payload: framed.payload ?? [], from: number, peer) }
        case .modelRequest(let request):
            if let number = greetedNumber(peer) { receive(request, from: number, peer) }
        case .masking(let step):
            if let number = greetedNumber(peer) { receive(step, from: number, peer) }
        case .decline(let decline):
            if let number = greetedNumber(peer) { receive(decline, from: number) }
        }
    }

    /// Counts an outcome other than accepted.
    mutating func count(_ outcome: UpdateOutcome) {
        if round != nil {
            round?.report.rejected[outcome, default: 0] += 1
        } else {
            strays[outcome, default: 0] += 1
        }
    }

    /// The client that speaks, if it has said hello; a message before that is out of order.
    private mutating func greetedNumber(_ peer: PeerID) -> Int? {
        guard let number = peers[peer]?.number, readyPeers[number] == peer else {
            count(.malformed)
            return nil
        }
        return number
    }

    private mutating func malformed(_ error: MessageError, from peer: PeerID) {
        count(.malformed)
        switch error {
        case .tooLarge, .frameCount: refuse(peer, .tooLarge, "message over the caps: \(error)")
        case .undecodable, .invalidField, .payloadMismatch: break
        }
    }
}
