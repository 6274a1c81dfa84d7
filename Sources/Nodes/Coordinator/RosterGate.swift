import Federation
import Messages
import Synchronization

/// Who may connect: asked by the transport's own thread for every newcomer, kept up to date by the coordinator.
public final class RosterGate: Sendable {
    private let roster: Mutex<Roster>

    /// Starts from a roster.
    public init(_ roster: Roster) { self.roster = Mutex(roster) }

    /// Puts a newer roster in place.
    public func replace(_ newer: Roster) { roster.withLock { $0 = newer } }

    /// Whether a key may connect: that of an approved client, or of a one-time token that is not expired.
    ///
    /// A used token is let in to be answered: its owner, who may have missed the answer, is told again, and everybody
    /// else is told why not.
    public func admits(_ peer: PeerID) -> Bool {
        roster.withLock { roster in
            if roster.entry(peer) != nil { return roster.admitted(peer, at: WallClock.seconds) != nil }
            guard let token = roster.token(peer) else { return false }
            return token.expiry > WallClock.seconds
        }
    }

    /// The number of a client, revoked ones included; nil for keys that belong to none.
    public func clientNumber(_ peer: PeerID) -> Int? { roster.withLock { $0.entry(peer)?.number } }
}
