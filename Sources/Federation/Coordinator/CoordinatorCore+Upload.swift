import Encryption
import Messages

extension CoordinatorCore {
    /// Takes chunk 0: of an update that has just one it is everything, others need a place.
    mutating func receiveFirst(
        _ payload: [UInt8], of header: ClientMessage.UpdateHeader, from number: Int, _ peer: PeerID
    ) {
        guard let uploading = round?.uploading, round?[number]?.upload?.nextChunk == 0 else {
            return askAgain(number, peer)
        }
        if ProtocolLimits.chunkCount(of: header.byteCount) == 1 || uploading.contains(number) {
            take(payload, at: 0, from: number, peer)
        } else {
            wait(number, sealedFirst: payload)
            admitWaiting()
        }
    }

    mutating func receive(_ chunk: ChunkHeader, payload: [UInt8], from number: Int, _ peer: PeerID) {
        guard chunk.session == round?.announced(to: number).id, round?.uploading.contains(number) == true,
            let place = round?[number]?.upload.map({ (next: $0.nextChunk, asked: $0.asked) })
        else { return }
        if chunk.index == place.next {
            take(payload, at: chunk.index, from: number, peer)
        } else if chunk.index > place.next, place.asked < place.next {
            askAgain(number, peer)
        }
    }

    /// Forgets what has come of an update and makes room for the next one.
    mutating func dropUpload(of number: Int) {
        round?.update(number) { $0.upload = nil }
        round?.queue.removeAll { $0 == number }
        if round?.uploading.remove(number) != nil { admitWaiting() }
    }

    /// When the first of the uploads under way counts as stalled; nil while nobody who is there waits.
    var stallDeadline: Duration? {
        guard let round, round.queue.contains(where: { readyPeers[$0] != nil }) else { return nil }
        let oldest = round.uploading.compactMap { round[$0]?.upload?.progress }.min()
        return oldest.map { $0 + configuration.limits.uploadStall }
    }

    /// Gives the places of stalled uploads to those that wait; a stalled one starts anew at the end of the queue.
    mutating func evictStalled() {
        guard let deadline = stallDeadline, now >= deadline else { return }
        let limit = configuration.limits.uploadStall
        for number in round?.uploading.sorted() ?? [] {
            guard let upload = round?[number]?.upload, now >= upload.progress + limit else { continue }
            let fresh = Upload(header: upload.header, progress: now)
            round?.update(number) { $0.upload = fresh }
            round?.uploading.remove(number)
            round?.queue.append(number)
        }
        admitWaiting()
    }

    private mutating func admit(_ number: Int) {
        round?.uploading.insert(number)
        let now = now
        round?.update(number) { $0.upload?.progress = now }
    }

    private mutating func wait(_ number: Int, sealedFirst: [UInt8]) {
        guard let queue = round?.queue else { return }
        if !queue.contains(number) { round?.queue.append(number) }
        guard queue.count < configuration.limits.keptFirstChunks else { return }
        round?.update(number) { $0.upload?.sealedFirst = sealedFirst }
    }

    /// Gives free places to those that wait longest; clients that are gone keep their turn.
    mutating func admitWaiting() {
        while let count = round?.uploading.count, count < configuration.limits.concurrentUploads {
            guard let number = round?.queue.first(where: { readyPeers[$0] != nil }), let peer = readyPeers[number]
            else { return }
            round?.queue.removeAll { $0 == number }
            admit(number)
            let first = round?[number]?.upload?.sealedFirst
            round?.update(number) { $0.upload?.sealedFirst = nil }
            if let first { take(first, at: 0, from: number, peer) } else { sendOn(number, peer) }
        }
    }

    /// Opens one chunk and appends it; the next ones are asked for after the first.
    private mutating func take(_ payload: [UInt8], at index: Int, from number: Int, _ peer: PeerID) {
        guard let header = round?[number]?.upload?.header else { return }
        guard let plaintext = open(payload, at: index, of: header, from: number, peer) else {
            return reject(.authenticationFailed, number, peer)
        }
        guard plaintext.count == ProtocolLimits.chunkRange(index, of: header.byteCount).count else {
            return reject(.malformed, number, peer)
        }
        let now = now
        round?.update(number) { member in
            member.upload?.bytes += plaintext
            member.upload?.nextChunk = index + 1
            member.upload?.progress = now
        }
        if index + 1 == ProtocolLimits.chunkCount(of: header.byteCount) {
            complete(number, peer)
        } else if index == 0 {
            sendOn(number, peer)
        }
    }

    private mutating func open(
        _ payload: [UInt8], at index: Int, of header: ClientMessage.UpdateHeader, from number: Int, _ peer: PeerID
    ) -> [UInt8]? {
        guard let announced = round?.announced(to: number), let sessionKey = peers[peer]?.hello?.sessionKey else {
            return nil
        }
        let binding = UpdateBinding(
            proof: announced.proof, session: header.session, sender: sessionKey, resultID: header.resultID,
            byteCount: header.byteCount)
        do {
            let known = round?[number]?.payloadKey
            let key = if let known { known } else { try binding.key(ours: announced.key, theirs: sessionKey) }
            round?.update(number) { $0.payloadKey = key }
            return try key.open(payload, associatedData: binding.associatedData(chunk: index))
        } catch {
            return nil
        }
    }

    /// Answers a header or a chunk that does not fit: the upload goes on where it stands.
    private mutating func askAgain(_ number: Int, _ peer: PeerID) {
        guard let upload = round?[number]?.upload, upload.nextChunk > 0 else { return }
        sendOn(number, peer)
    }

    private mutating func sendOn(_ number: Int, _ peer: PeerID) {
        guard let session = round?.announced(to: number).id, let next = round?[number]?.upload?.nextChunk else {
            return
        }
        round?.update(number) { $0.upload?.asked = next }
        send(.sendOn(ResumePoint(session: session, nextChunk: next)), to: peer)
    }
}
