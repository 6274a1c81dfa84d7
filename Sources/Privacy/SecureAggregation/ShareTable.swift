import Encryption

/// Puts secrets together from the shares that were given away, and finds out who cheats.
struct ShareTable {
    private let session: MaskingSession
    private let reveals: [Int: [Int: GroupScalar]]
    private var weights: [[Int]: [GroupScalar]] = [:]
    /// Bad shares that were left out.
    private(set) var corrupt: [MaskingError] = []

    init(session: MaskingSession, reveals: [Int: [Int: GroupScalar]]) {
        self.session = session
        self.reveals = reveals
    }

    /// The secret of one dealer.
    ///
    /// - Parameter matches: whether a secret is what the dealer advertised.
    /// - Throws: `MaskingError.belowThreshold`, `.corruptShares`, `.dishonestDealer`.
    mutating func secret(
        of dealer: Int, deal: MaskingDeal?, ofSeed: Bool, matches: (GroupScalar) -> Bool
    ) throws(MaskingError) -> GroupScalar {
        let client = session.clients[dealer]
        let threshold = session.rules.choice.threshold
        let holders = session.holders(of: dealer).filter { reveals[$0]?[dealer] != nil }
        let secret = try reconstruct(dealer, Array(holders.prefix(threshold)))
        // The first look costs one multiplication in the group; only a mismatch pays for the whole polynomial.
        let first = deal.flatMap { $0.firstCommitment(ofSeed: ofSeed) }
        if first == GroupElement(multiplying: secret).bytes {
            guard matches(secret) else { throw .dishonestDealer(client: client) }
            return secret
        }
        guard let commitments = deal?.polynomial(ofSeed: ofSeed) else { throw .dishonestDealer(client: client) }
        let bad = holders.filter { holder in
            guard let share = reveals[holder]?[dealer] else { return true }
            return !SharedSecret.verify(share, position: holder, commitments: commitments)
        }
        // More bad shares than honest holders can have sent: it was the dealer.
        guard 2 * bad.count < holders.count else { throw .dishonestDealer(client: client) }
        corrupt.append(.corruptShares(dealer: client, senders: bad.map { session.clients[$0] }))
        let good = holders.filter { !bad.contains($0) }
        guard good.count >= threshold else {
            throw .corruptShares(dealer: client, senders: bad.map { session.clients[$0] })
        }
        let repaired = try reconstruct(dealer, Array(good.prefix(threshold)))
        guard matches(repaired) else { throw .dishonestDealer(client: client) }
        return repaired
    }

    private mutating func reconstruct(_ dealer: Int, _ holders: [Int]) throws(MaskingError) -> GroupScalar {
        let threshold = session.rules.choice.threshold
        guard holders.count == threshold else {
            throw .belowThreshold(actual: holders.count, needed: threshold)
        }
        let known: [GroupScalar]
        if let cached = weights[holders] {
            known = cached
        } else {
            known = SharedSecret.weights(of: holders)
            weights[holders] = known
        }
        return SharedSecret.reconstruct(holders.compactMap { reveals[$0]?[dealer] }, weights: known)
    }
}

extension MaskingDeal {
    /// The encoded commitment to the secret itself.
    func firstCommitment(ofSeed: Bool) -> [UInt8] {
        let start = ofSeed ? commitments.count / 2 : 0
        return Array(commitments[start..<(start + GroupElement.byteCount)])
    }
}
