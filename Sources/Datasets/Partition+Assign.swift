import Foundation
import Tensors

extension Partition {
    /// Deals the samples of a data set to clients; every sample to exactly one client, every client at least one.
    ///
    /// - `iid`: client sizes differ by at most 1.
    /// - `shards(k)`: the samples ordered by label are cut into `clients · k` pieces, whose sizes differ by at most 1, and
    ///   each client is dealt `k` of them by lot.
    /// - `dirichlet(α)`: after the draw, clients with less than min(10, ⌊samples / (2 · clients)⌋) samples, at least 1,
    ///   get what is missing from whoever holds most, out of that client's most frequent class.
    /// - `byClientID`: the ids in ascending order are dealt in turn, so with fewer clients than ids some hold several;
    ///   more clients than ids are an error.
    ///
    /// - Parameter clients: number of clients, at least 1.
    /// - Returns: `[clients]` lists of sample indices, each ascending; the same for the same seed.
    /// - Throws: `impossiblePartition` where the samples do not suffice or carry no ids, `invalidSetting` for a number
    ///   out of range.
    public func assign(_ dataset: Dataset, clients: Int, seed: Seed) throws(DatasetError) -> [[Int]] {
        guard clients >= 1 else { throw .invalidSetting("the number of clients must be at least 1, not \(clients)") }
        guard clients <= dataset.sampleCount else {
            throw .impossiblePartition(
                "\(dataset.sampleCount) training samples cannot be dealt to \(clients) clients: use fewer clients")
        }
        var random = SeededRandom(seed.derived("partition"))
        let parts: [[Int]]
        switch self {
        case .iid: parts = Self.shuffledDeal(dataset.sampleCount, clients, &random)
        case .shards(let count): parts = try Self.shardDeal(dataset, clients, count, &random)
        case .dirichlet(let alpha): parts = try Self.dirichletDeal(dataset, clients, alpha, &random)
        case .byClientID: parts = try Self.naturalDeal(dataset, clients)
        }
        return parts.map { $0.sorted() }
    }

    /// Range of the `index`-th of `count` pieces of 0..<`total`, whose sizes differ by at most 1.
    private static func piece(_ index: Int, of count: Int, total: Int) -> Range<Int> {
        (index * total / count)..<((index + 1) * total / count)
    }

    private static func shuffledDeal(_ samples: Int, _ clients: Int, _ random: inout SeededRandom) -> [[Int]] {
        var order = Array(0..<samples)
        random.shuffle(&order)
        return (0..<clients).map { Array(order[piece($0, of: clients, total: samples)]) }
    }

    private static func shardDeal(
        _ dataset: Dataset, _ clients: Int, _ shardsPerClient: Int, _ random: inout SeededRandom
    ) throws(DatasetError) -> [[Int]] {
        guard shardsPerClient >= 1 else {
            throw .invalidSetting("the number of shards must be at least 1, not \(shardsPerClient)")
        }
        let shards = clients.multipliedReportingOverflow(by: shardsPerClient)
        guard !shards.overflow, shards.partialValue <= dataset.sampleCount else {
            throw .impossiblePartition(
                "\(dataset.sampleCount) training samples cannot be cut into \(shardsPerClient) shards for each of "
                    + "\(clients) clients: use fewer shards or clients")
        }
        let ordered = indicesByClass(dataset, &random).flatMap { $0 }
        var lots = Array(0..<shards.partialValue)
        random.shuffle(&lots)
        return (0..<clients).map { client in
            lots[(client * shardsPerClient)..<((client + 1) * shardsPerClient)].flatMap { lot in
                ordered[piece(lot, of: shards.partialValue, total: ordered.count)]
            }
        }
    }

    private static func naturalDeal(_ dataset: Dataset, _ clients: Int) throws(DatasetError) -> [[Int]] {
        guard let ids = dataset.clientIDs else {
            throw .impossiblePartition(
                "the data carry no client ids, so they cannot be split by-client-id: name train_clients, or choose "
                    + "iid, {shards: k} or {dirichlet: alpha}")
        }
        let distinct = Set(ids).sorted()
        guard clients <= distinct.count else {
            throw .impossiblePartition(
                "the data are from \(distinct.count) natural clients, not \(clients): use at most \(distinct.count)")
        }
        var clientOfID: [Int32: Int] = [:]
        for (rank, id) in distinct.enumerated() { clientOfID[id] = rank % clients }
        var parts = [[Int]](repeating: [], count: clients)
        for (sample, id) in ids.enumerated() {
            if let client = clientOfID[id] { parts[client].append(sample) }
        }
        return parts
    }

    /// The samples of each class, `[classCount]`, each list in an order by lot.
    private static func indicesByClass(_ dataset: Dataset, _ random: inout SeededRandom) -> [[Int]] {
        var classes = [[Int]](repeating: [], count: dataset.classCount)
        for (sample, label) in dataset.labels.enumerated() { classes[Int(label)].append(sample) }
        for label in classes.indices { random.shuffle(&classes[label]) }
        return classes
    }
}

// MARK: - Dirichlet

extension Partition {
    private static func dirichletDeal(
        _ dataset: Dataset, _ clients: Int, _ alpha: Double, _ random: inout SeededRandom
    ) throws(DatasetError) -> [[Int]] {
        guard alpha > 0, alpha.isFinite else {
            throw .invalidSetting("dirichlet must be above 0 and finite, not \(alpha)")
        }
        // held[client][class], so that the repair below can take from a class.
        var held = [[[Int]]](repeating: [], count: clients)
        for indices in indicesByClass(dataset, &random) {
            let shares = random.dirichlet(alpha, count: clients)
            var cumulative = 0.0
            var start = 0
            for client in 0..<clients {
                cumulative += shares[client]
                let isLast = client == clients - 1
                let end = isLast ? indices.count : min(Int(cumulative * Double(indices.count)), indices.count)
                held[client].append(Array(indices[start..<end]))
                start = end
            }
        }
        return repaired(held, minimum: max(1, min(10, dataset.sampleCount / (2 * clients))))
    }

    /// Moves samples from the largest clients to those below the minimum.
    private static func repaired(_ initial: [[[Int]]], minimum: Int) -> [[Int]] {
        var held = initial
        var sizes = held.map { $0.reduce(0) { $0 + $1.count } }
        for poor in held.indices {
            while sizes[poor] < minimum {
                let rich = firstMaximum(sizes)
                let label = firstMaximum(held[rich].map(\.count))
                guard let sample = held[rich][label].popLast() else { break }
                held[poor][label].append(sample)
                sizes[rich] -= 1
                sizes[poor] += 1
            }
        }
        return held.map { $0.flatMap { $0 } }
    }

    private static func firstMaximum(_ values: [Int]) -> Int {
        values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
    }
}

extension SeededRandom {
    /// A draw from the symmetric Dirichlet distribution: `count` shares that add up to 1.
    ///
    /// Gamma draws are kept as logarithms, because those of a small concentration underflow.
    mutating func dirichlet(_ concentration: Double, count: Int) -> [Double] {
        let logarithms = (0..<count).map { _ in logGamma(shape: concentration) }
        let largest = logarithms.max() ?? 0
        let weights = logarithms.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// The logarithm of a draw from the gamma distribution of this shape and scale 1
    /// (Marsaglia, Tsang 2000, doi:10.1145/358407.358414); a shape below 1 is raised by one, section 6.
    mutating func logGamma(shape: Double) -> Double {
        guard shape >= 1 else { return logGamma(shape: shape + 1) + log(1 - unitDouble()) / shape }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - unitDouble()
            if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
        }
    }
}
