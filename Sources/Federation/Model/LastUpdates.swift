/// The last updates of as many clients as a byte budget has room for.
///
/// A client that finds no room is not predicted: its announcements say that nothing is held, and it sends whole updates.
/// Who finds room hangs on who takes part in which rounds and not on the order in which updates come.
package struct LastUpdates: Sendable {
    private let capacity: Int
    package private(set) var known: [Int: LastUpdate]

    /// - Parameters:
    ///   - byteBudget: for the values; a round that is under way may take as much again.
    ///   - known: of an earlier run; what there is no room for is left out.
    /// - Throws: `FederationError.shapeMismatch` for updates of another model.
    package init(byteBudget: Int, parameterCount: Int, known: [Int: LastUpdate] = [:]) throws(FederationError) {
        capacity = byteBudget / (4 * max(1, parameterCount))
        for update in known.values where update.values.count != parameterCount {
            throw .shapeMismatch(expected: parameterCount, actual: update.values.count)
        }
        self.known = known
        for client in known.keys.sorted().dropFirst(capacity) { self.known[client] = nil }
    }

    package subscript(client: Int) -> LastUpdate? { known[client] }

    /// Notes an update of the round that is under way. Of clients that are new, the first by number find room.
    package func note(_ update: LastUpdate, of client: Int, in round: inout [Int: LastUpdate]) {
        if known[client] == nil {
            let newcomers = round.keys.filter { known[$0] == nil }
            if newcomers.count >= capacity - known.count {
                guard let last = newcomers.max(), client < last else { return }
                round[last] = nil
            }
        }
        round[client] = update
    }

    /// Takes over what was noted in the round of a version that is published.
    package mutating func publish(_ updates: [Int: LastUpdate]) { known.merge(updates) { $1 } }
}
