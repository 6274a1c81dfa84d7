import Tensors

/// Who is whose neighbour in a session: everybody, or a regular graph over a random circle.
///
/// The regular graph is Harary's: clients stand on a circle in an order that the session id seeds, and each has the
/// k/2 next ones on either side (Bell et al. 2020, section 3.2).
public struct MaskingGraph: Hashable, Sendable {
    /// Number of clients.
    public let count: Int
    /// Neighbours of each client.
    public let degree: Int
    private let order: [Int]
    private let places: [Int]

    /// - Parameters:
    ///   - degree: `count` − 1, or an even number below.
    ///   - session: 32 bytes.
    public init(count: Int, degree: Int, session: [UInt8]) {
        precondition(degree == count - 1 || (degree % 2 == 0 && degree < count))
        self.count = count
        self.degree = degree
        guard degree < count - 1 else {
            order = []
            places = []
            return
        }
        let value = session.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var random = SeededRandom(Seed(value).derived("masking graph"))
        var order = Array(0..<count)
        random.shuffle(&order)
        var places = order
        for (place, position) in order.enumerated() { places[position] = place }
        self.order = order
        self.places = places
    }

    /// Positions of the neighbours of a client, ascending.
    public func neighbours(of position: Int) -> [Int] {
        guard !order.isEmpty else { return (0..<count).filter { $0 != position } }
        let place = places[position]
        var result: [Int] = []
        for step in 1...(degree / 2) {
            result.append(order[(place + step) % count])
            result.append(order[(place + count - step) % count])
        }
        return result.sorted()
    }
}
