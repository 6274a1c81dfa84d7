import Encryption

extension MaskingCoordinator {
    /// Adds a client's upload to the sum; once for each client that dealt.
    ///
    /// - Throws: `MaskingError.malformed` for a wrong size, `.outOfOrder`.
    public mutating func add(upload bytes: [UInt8], from client: Int) throws(MaskingError) {
        guard let session, let dealers, request == nil, let position = session.position(of: client),
            dealers.contains(position), !survivors.contains(position)
        else { throw .outOfOrder }
        guard let upload = MaskedVector(bytes: bytes, count: sum.count, bits: sum.bits) else {
            throw .malformed("an upload has \(sum.bytes.count) bytes")
        }
        sum.add(upload)
        survivors.insert(position)
    }

    /// Closes the uploads: who has not uploaded by now is treated as gone.
    ///
    /// - Returns: the signed list for all survivors.
    /// - Throws: `MaskingError.belowThreshold`; nothing may then be unmasked.
    public mutating func closeUploads() throws(MaskingError) -> UnmaskRequest {
        guard let session, let dealers else { throw .outOfOrder }
        if let request { return request }
        try requireThreshold(survivors, session)
        let request = UnmaskRequest(
            survivors: survivors, dropouts: dealers.subtracting(survivors), session: session, identity: identity)
        self.request = request
        return request
    }

    /// Takes the shares that a survivor gives away.
    ///
    /// - Throws: `MaskingError.malformed`, `.outOfOrder` for others than survivors and before the uploads are closed.
    public mutating func receive(reveal raw: [UInt8], from client: Int) throws(MaskingError) {
        guard let session, let dealers, request != nil, let position = session.position(of: client),
            survivors.contains(position)
        else { throw .outOfOrder }
        guard reveals[position] == nil else { return }
        var bytes = MaskingBytes(raw)
        var shares: [Int: GroupScalar] = [:]
        for holder in session.holders(of: position) where dealers.contains(holder) {
            guard let share = GroupScalar(try bytes.take(GroupScalar.byteCount, "share")) else {
                throw .malformed("share")
            }
            shares[holder] = share
        }
        try bytes.finish()
        reveals[position] = shares
    }

    /// Survivors that have answered.
    public var revealCount: Int { reveals.count }

    /// Whether enough shares of every secret are there.
    public var canUnmask: Bool {
        guard let session, request != nil else { return false }
        return (try? requireThreshold(Set(reveals.keys), session)) != nil
    }

    /// Reconstructs what is needed, takes all masks off and reads the sum.
    ///
    /// A secret that does not match what its dealer advertised or committed to makes every share of it be checked
    /// against the commitments; bad ones are named and left out.
    ///
    /// - Throws: `MaskingError.belowThreshold`, `.corruptShares`, `.dishonestDealer`.
    public func unmask() throws(MaskingError) -> Outcome {
        guard let session, let dealers, request != nil else { throw .outOfOrder }
        var removal = MaskRemoval(sum: sum)
        var shares = ShareTable(session: session, reveals: reveals)
        for position in survivors.sorted() {
            let seed = try shares.secret(of: position, deal: deals[position], ofSeed: true) { _ in true }
            removal.remove(session.selfMask(seed, of: position))
        }
        for position in dealers.subtracting(survivors).sorted() {
            let neighbours = session.graph.neighbours(of: position).filter(survivors.contains)
            guard !neighbours.isEmpty else { continue }
            let advertised = peers[position]?.advert.maskKey
            let secret = try shares.secret(of: position, deal: deals[position], ofSeed: false) {
                MaskingSession.maskPair($0).publicKey == advertised
            }
            let pair = MaskingSession.maskPair(secret)
            for neighbour in neighbours {
                guard let theirs = peers[neighbour]?.advert.maskKey else { throw .outOfOrder }
                do {
                    let mask = session.pairMask(try pair.sharedSecret(with: theirs), of: neighbour, with: position)
                    removal.remove(mask)
                } catch { throw .lowOrderPoint(client: session.clients[neighbour]) }
            }
        }
        return Outcome(
            sum: removal.finish().centred(), clients: survivors.map { session.clients[$0] }.sorted(),
            corrupt: shares.corrupt)
    }
}

/// Takes masks off a sum, some hundred at a time: each key waits in guarded memory of its own.
private struct MaskRemoval {
    private static let batch = 128
    private var sum: MaskedVector
    private var waiting: [Mask] = []

    init(sum: MaskedVector) { self.sum = sum }

    mutating func remove(_ mask: Mask) {
        waiting.append(mask.reversed)
        if waiting.count == Self.batch { flush() }
    }

    consuming func finish() -> MaskedVector {
        flush()
        return sum
    }

    private mutating func flush() {
        sum.apply(waiting)
        waiting = []
    }
}
