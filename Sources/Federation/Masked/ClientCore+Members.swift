import Encryption
import Messages

extension ClientCore {
    /// Why a roster, or a round with it, is refused.
    struct RosterProblem: Error {
        let reason: String
    }

    /// Federations whose epochs a client remembers at most.
    private static let federationCount = 1024

    /// Takes up the signed roster that was stored, if the root key that is pinned now has signed it.
    mutating func restoreMembers() {
        members = nil
        guard let root = configuration.rootKey, let federation = parameters?.federation, let stored = state.roster,
            let list = try? MemberList(decoding: stored, federation: federation), list.isSigned(by: root)
        else { return }
        members = list
    }

    /// Takes a part of the signed roster, and the whole when it is complete.
    mutating func receive(_ part: RosterPart) {
        guard let root = configuration.rootKey else { return ignore("a signed roster; no root key is pinned here") }
        guard let federation = parameters?.federation, let whole = part.appended(to: rosterBytes) else {
            return ignore("a part of a roster out of order")
        }
        guard whole.count == part.byteCount else {
            rosterBytes = whole
            return
        }
        rosterBytes = []
        do {
            let list = try MemberList(decoding: whole, federation: federation)
            try adopt(list, root: root)
        } catch let problem as RosterProblem {
            refuseRoster(problem.reason)
        } catch {
            refuseRoster("the roster that the coordinator sends is damaged (\(error))")
        }
    }

    /// The keys of all members for a masked round; nil where no root key is pinned.
    ///
    /// - Parameters:
    ///   - hash: of the roster that the announcement names.
    ///   - own: number of this client.
    func identitiesOfMembers(announced hash: Digest, own: Int) throws(RosterProblem) -> [Int: [UInt8]]? {
        guard configuration.rootKey != nil else { return nil }
        guard let members, members.federation == parameters?.federation else {
            throw RosterProblem(reason: "the coordinator has sent no roster that the pinned root key has signed")
        }
        guard hash == members.hash else {
            throw RosterProblem(
                reason: "the round is not run with the roster of epoch \(members.epoch), the newest that the root key "
                    + "has signed")
        }
        guard members.identities[own]?.bytes == identity.publicKey else {
            throw RosterProblem(
                reason: "the roster of epoch \(members.epoch) does not hold this client's keys under number \(own); "
                    + "ask the operator to sign a new one")
        }
        return members.identities.mapValues(\.bytes)
    }

    mutating func refuseRoster(_ reason: String) { effects.append(.report(.refusedRoster(reason))) }

    private mutating func adopt(_ list: MemberList, root: PublicKeyBytes) throws(RosterProblem) {
        guard list.isSigned(by: root) else {
            throw RosterProblem(
                reason: "the roster that the coordinator sends is not signed by the pinned root key for this federation"
            )
        }
        let seen = state.rosterEpochs[list.federation]
        guard list.epoch >= seen ?? 0 else {
            throw RosterProblem(
                reason: "the roster that the coordinator sends has epoch \(list.epoch), but this client has seen epoch "
                    + "\(seen ?? 0)")
        }
        guard list.epoch != members?.epoch || list.hash == members?.hash else {
            throw RosterProblem(reason: "the root key has signed two rosters of epoch \(list.epoch); sign a newer one")
        }
        guard seen != nil || state.rosterEpochs.count < Self.federationCount else {
            throw RosterProblem(reason: "this client remembers too many federations; give it a new state directory")
        }
        state.rosterEpochs[list.federation] = list.epoch
        state.roster = list.encoded
        members = list
        persist()
    }
}
