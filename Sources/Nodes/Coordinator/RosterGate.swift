import Federation
import Messages
import Synchronization

/// Who may connect: asked by the transport's own thread for every newcomer, kept up to date by the coordinator.
public final class RosterGate: Sendable {
    private struct State: Sendable {
        var roster: Roster
        var former: Roster?
    }

    private let state: Mutex<State>

    /// Starts from a roster.
    public init(_ roster: Roster) { state = Mutex(State(roster: roster)) }

    /// Puts a newer roster in place.
    ///
    /// - Parameter keepingFormer: whether those whom the roster before admitted may stay connected until the next change,
    ///   to be told that they may not.
    public func replace(_ newer: Roster, keepingFormer: Bool = false) {
        state.withLock { $0 = State(roster: newer, former: keepingFormer ? $0.roster : nil) }
    }

    /// Whether a key may connect: that of an approved client, or of a one-time token that is not expired.
    ///
    /// A used token is let in to be answered: its owner, who may have missed the answer, is told again, and everybody
    /// else is told why not.
    public func admits(_ peer: PeerID) -> Bool {
        state.withLock { state in
            if Self.admits(peer, state.roster) { return true }
            return state.former.map { Self.admits(peer, $0) } ?? false
        }
    }

    private static func admits(_ peer: PeerID, _ roster: Roster) -> Bool {
        if roster.entry(peer) != nil { return roster.admitted(peer, at: WallClock.seconds) != nil }
        guard let token = roster.token(peer) else { return false }
        return token.expiry > WallClock.seconds
    }

    /// The number of a client, revoked ones included; nil for keys that belong to none.
    public func clientNumber(_ peer: PeerID) -> Int? { state.withLock { $0.roster.entry(peer)?.number } }
}
