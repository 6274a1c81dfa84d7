import Encryption

extension MaskingClient {
    /// Bytes of a sealed pair of shares.
    static let sealedByteCount = 2 * GroupScalar.byteCount + KeySize.tag

    /// Takes the shares that the neighbours sealed for this client; who did not deal is not part of the sum.
    ///
    /// - Parameter raw: a bit map of the positions that dealt, then the sealed shares of the neighbours among them.
    /// - Throws: `MaskingError`, `.shareNotAuthentic` naming the sender; the client then takes no part.
    public mutating func receive(delivery raw: [UInt8]) throws(MaskingError) {
        guard let session, let secrets else { throw .outOfOrder }
        var bytes = MaskingBytes(raw)
        let dealers = try bytes.bitmap(count: session.clients.count, "dealers")
        guard dealers.contains(position) else { throw .inconsistentSurvivors }
        let neighbours = session.graph.neighbours(of: position).filter(dealers.contains)
        var delivered: [Int: [UInt8]] = [:]
        for neighbour in neighbours {
            delivered[neighbour] = try bytes.take(Self.sealedByteCount, "sealed shares")
        }
        try bytes.finish()
        if let received {
            guard received == delivered else { throw .secondRequest }
            return
        }
        let threshold = session.rules.choice.threshold
        guard neighbours.count + 1 >= threshold else {
            throw .belowThreshold(actual: neighbours.count + 1, needed: threshold)
        }
        for neighbour in neighbours {
            if let sealed = delivered[neighbour] { _ = try open(sealed, from: neighbour, secrets, session) }
        }
        received = delivered
    }

    /// Lays the masks of the session over this client's values.
    ///
    /// - Parameters:
    ///   - values: as many as agreed on, none larger in magnitude than agreed on.
    ///   - noise: this client's share of the noise of the sum, of any magnitude; empty for none. Should it carry the sum
    ///     over the end of the numbers, that wraps: the sum is then useless but no less private.
    /// - Throws: `MaskingError.valuesOutOfRange`, `.outOfOrder`, `.lowOrderPoint`.
    public func mask(_ values: [Int32], noise: [Int32] = []) throws(MaskingError) -> MaskedVector {
        guard let session, let secrets, let received, answered == nil else { throw .outOfOrder }
        let limit = Int32(session.rules.magnitude)
        guard values.count == session.rules.count, values.allSatisfy({ (-limit...limit).contains($0) }),
            noise.isEmpty || noise.count == values.count
        else { throw .valuesOutOfRange }
        let noisy = noise.isEmpty ? values : zip(values, noise).map { $0 &+ $1 }
        var masked = MaskedVector(noisy, bits: session.bits)
        var masks = [session.selfMask(secrets.selfSeed, of: position)]
        for neighbour in received.keys.sorted() {
            let shared = try shared(neighbour, secrets.mask, \.maskKey)
            masks.append(session.pairMask(shared, of: position, with: neighbour))
        }
        masked.apply(masks)
        return masked
    }

    /// Gives away one share per peer: of the seed of those who uploaded, of the mask key of those who vanished.
    ///
    /// Only the coordinator's signed list is answered, only one list, and after it all secrets are gone.
    ///
    /// - Returns: 32 bytes per share, in the order of positions.
    /// - Throws: `MaskingError.forgedRequest`, `.secondRequest`, `.inconsistentSurvivors`, `.belowThreshold`.
    public mutating func reveal(_ request: UnmaskRequest, coordinator: [UInt8]) throws(MaskingError) -> [UInt8] {
        guard let session else { throw .outOfOrder }
        guard request.isSigned(by: coordinator, session: session) else { throw .forgedRequest }
        if let answered {
            guard answered.request.survivors == request.survivors, answered.request.dropouts == request.dropouts else {
                throw .secondRequest
            }
            return answered.bytes
        }
        guard let secrets, let received, let own = secrets.ownShare else { throw .outOfOrder }
        let alive = request.survivors
        guard alive.isDisjoint(with: request.dropouts), alive.contains(position) else { throw .inconsistentSurvivors }
        let holders = Set(received.keys).union([position])
        guard holders.isSubset(of: alive.union(request.dropouts)) else { throw .inconsistentSurvivors }
        let threshold = session.rules.choice.threshold
        let left = holders.intersection(alive).count
        guard left >= threshold else { throw .belowThreshold(actual: left, needed: threshold) }
        var bytes: [UInt8] = []
        for holder in holders.sorted() {
            guard let sealed = received[holder] else {
                own.write(to: &bytes)
                continue
            }
            let pair = try open(sealed, from: holder, secrets, session)
            bytes += alive.contains(holder) ? pair[GroupScalar.byteCount...] : pair[..<GroupScalar.byteCount]
        }
        answered = (request, bytes)
        wipe()
        return bytes
    }

    /// Gives the session up: all secrets are gone, nothing can be revealed any more.
    public mutating func wipe() {
        secrets = nil
        received = nil
        dealt = nil
        peers = [:]
    }

    /// Opens the two shares that a neighbour dealt: of its mask key, of its seed.
    private func open(
        _ sealed: [UInt8], from neighbour: Int, _ secrets: Secrets, _ session: MaskingSession
    ) throws(MaskingError) -> [UInt8] {
        let shared = try shared(neighbour, secrets.channel, \.channelKey)
        let (key, data) = session.sealing(shared, from: neighbour, to: position)
        do { return try SingleUseSeal.open(sealed, key: key, associatedData: data) } catch {
            throw .shareNotAuthentic(client: session.clients[neighbour])
        }
    }
}
