import Datasets
import Foundation
import Tensors
import Testing

struct PartitionTests {
    /// Samples without inputs to speak of, whose labels and client ids follow the seed.
    private static func dataset(_ count: Int, classes: Int, people: Int, seed: UInt64) -> Dataset {
        var random = SeededRandom(Seed(seed))
        return Dataset(
            inputShape: [1], inputs: [Float](repeating: 0, count: count),
            labels: (0..<count).map { _ in Int32(random.below(classes)) }, classCount: classes,
            clientIDs: (0..<count).map { Int32(3 * ($0 % people) + 5) })
    }

    private static let cases: [(Datasets.Partition, Int, Int)] =
        [
            Datasets.Partition.iid, .shards(1), .shards(3), .dirichlet(0.001), .dirichlet(0.5), .dirichlet(100),
            .byClientID,
        ]
        .flatMap { partition in [(partition, 1, 50), (partition, 7, 50), (partition, 50, 999), (partition, 50, 5_000)] }

    @Test(arguments: cases)
    func everySampleGoesToExactlyOneClient(partition: Datasets.Partition, clients: Int, samples: Int) throws {
        for seed in UInt64(1)...5 {
            let data = Self.dataset(samples, classes: 10, people: 50, seed: seed)
            let parts = try partition.assign(data, clients: clients, seed: Seed(seed))
            #expect(parts.count == clients, "seed \(seed)")
            #expect(parts.flatMap { $0 }.sorted() == Array(0..<samples), "seed \(seed)")
            #expect(parts.allSatisfy { !$0.isEmpty && $0 == $0.sorted() }, "seed \(seed)")
            #expect(try partition.assign(data, clients: clients, seed: Seed(seed)) == parts, "seed \(seed)")
        }
    }

    @Test(arguments: [Datasets.Partition.iid, .shards(2), .dirichlet(0.5)])
    func anotherSeedDealsAnotherWay(partition: Datasets.Partition) throws {
        let data = Self.dataset(1_000, classes: 10, people: 10, seed: 1)
        let one = try partition.assign(data, clients: 10, seed: Seed(1))
        #expect(try partition.assign(data, clients: 10, seed: Seed(2)) != one)
    }

    @Test(arguments: [Datasets.Partition.iid, .shards(2)], [1, 3, 64])
    func sizesDifferByLittle(partition: Datasets.Partition, clients: Int) throws {
        let data = Self.dataset(1_001, classes: 10, people: 1, seed: 4)
        let sizes = try partition.assign(data, clients: clients, seed: Seed(9)).map(\.count)
        let spread = (sizes.max() ?? 0) - (sizes.min() ?? 0)
        #expect(spread <= (partition == .iid ? 1 : 2))
    }

    @Test(arguments: [1, 2, 5])
    func aClientSeesFewLabelsInItsShards(shards: Int) throws {
        // Classes of equal size whose borders are borders of shards.
        let data = Dataset(
            inputShape: [1], inputs: [Float](repeating: 0, count: 10_000), labels: (0..<10_000).map { Int32($0 % 10) },
            classCount: 10)
        let parts = try Datasets.Partition.shards(shards).assign(data, clients: 100, seed: Seed(3))
        let labelCounts = parts.map { Set($0.map { data.labels[$0] }).count }
        #expect(labelCounts.allSatisfy { (1...shards).contains($0) })
        #expect(labelCounts.max() == shards)
    }

    @Test(arguments: [(1_000, 100, 5), (5_000, 100, 10), (100, 100, 1), (120, 100, 1)])
    func everyClientOfADirichletSplitHasAMinimum(samples: Int, clients: Int, minimum: Int) throws {
        for seed in UInt64(1)...5 {
            let data = Self.dataset(samples, classes: 10, people: 1, seed: seed)
            let parts = try Datasets.Partition.dirichlet(0.01).assign(data, clients: clients, seed: Seed(seed))
            #expect(parts.allSatisfy { $0.count >= minimum }, "seed \(seed)")
        }
    }

    @Test func theConcentrationGovernsTheSkew() throws {
        let data = Self.dataset(60_000, classes: 10, people: 1, seed: 8)
        // Mean over the clients of the largest class's share: 1 is one class only, 0.1 is all alike.
        let skews = try [0.05, 0.5, 5, 500].map { alpha in
            let parts = try Datasets.Partition.dirichlet(alpha).assign(data, clients: 100, seed: Seed(8))
            return parts.reduce(0.0) { sum, part in
                sum + Double(data.subset(part).classHistogram().max() ?? 0) / Double(part.count)
            } / 100
        }
        #expect(skews == skews.sorted(by: >))
        #expect(skews[0] > 0.7)
        #expect(skews[3] < 0.13)
    }

    @Test func dirichletSharesHaveTheDistributionsVariance() throws {
        // The share of one client in one class is Beta(α, (K−1)α): variance (K−1) / (K²(Kα+1)).
        let (clients, classes, alpha) = (5, 200, 0.7)
        let data = Dataset(
            inputShape: [1], inputs: [Float](repeating: 0, count: 200_000),
            labels: (0..<200_000).map { Int32($0 % classes) }, classCount: classes)
        let parts = try Datasets.Partition.dirichlet(alpha).assign(data, clients: clients, seed: Seed(21))
        let shares = parts.flatMap { part in data.subset(part).classHistogram().map { Double($0) / 1_000 } }
        let variance = shares.reduce(0) { $0 + ($1 - 0.2) * ($1 - 0.2) } / Double(shares.count)
        let expected = 4.0 / (25 * (5 * alpha + 1))
        #expect(abs(variance / expected - 1) < 0.15, "variance \(variance), expected \(expected)")
    }

    @Test func naturalClientsAreKeptApart() throws {
        let data = Self.dataset(100, classes: 3, people: 10, seed: 2)
        let parts = try Datasets.Partition.byClientID.assign(data, clients: 10, seed: Seed(1))
        for (rank, part) in parts.enumerated() {
            #expect(part == stride(from: rank, to: 100, by: 10).map { $0 })
        }
        let merged = try Datasets.Partition.byClientID.assign(data, clients: 4, seed: Seed(1))
        #expect(merged.map { Set($0.map { $0 % 10 }) } == [[0, 4, 8], [1, 5, 9], [2, 6], [3, 7]])
    }

    private static let impossible: [(Datasets.Partition, Int, String)] = [
        (.iid, 0, "the number of clients must be at least 1, not 0"),
        (.iid, 31, "30 training samples cannot be dealt to 31 clients: use fewer clients"),
        (.shards(4), 10, "cannot be cut into 4 shards for each of 10 clients"),
        (.shards(.max), 10, "use fewer shards or clients"),
        (.shards(0), 10, "the number of shards must be at least 1, not 0"),
        (.dirichlet(0), 10, "dirichlet must be above 0 and finite, not 0.0"),
        (.dirichlet(.nan), 10, "dirichlet must be above 0 and finite, not nan"),
        (.byClientID, 11, "the data are from 10 natural clients, not 11: use at most 10"),
    ]

    @Test(arguments: impossible)
    func saysWhyAPartitionIsImpossible(partition: Datasets.Partition, clients: Int, message: String) {
        let data = Self.dataset(30, classes: 3, people: 10, seed: 2)
        let error = #expect(throws: DatasetError.self) {
            try partition.assign(data, clients: clients, seed: Seed(1))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func dataWithoutIDsCannotBeSplitByThem() {
        let data = Dataset(inputShape: [1], inputs: [0], labels: [0], classCount: 1)
        let error = #expect(throws: DatasetError.self) {
            try Datasets.Partition.byClientID.assign(data, clients: 1, seed: Seed(1))
        }
        #expect(error?.description.contains("the data carry no client ids") == true)
    }

    @Test(arguments: [
        ("\"iid\"", Datasets.Partition.iid), ("\"by-client-id\"", .byClientID), ("{\"shards\":2}", .shards(2)),
        ("{\"dirichlet\":0.5}", .dirichlet(0.5)),
    ])
    func readsAndWritesTheScenarioForm(json: String, partition: Datasets.Partition) throws {
        #expect(try JSONDecoder().decode(Datasets.Partition.self, from: Data(json.utf8)) == partition)
        #expect(String(decoding: try JSONEncoder().encode(partition), as: UTF8.self) == json)
    }

    @Test(arguments: [
        "\"IID\"", "{}", "{\"shards\": 2, \"dirichlet\": 1}", "{\"shards\": 0}", "{\"dirichlet\": 0}",
        "{\"dirichlet\": -1}", "{\"shard\": 2}", "{\"shards\": \"two\"}", "3",
    ])
    func refusesOtherForms(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Datasets.Partition.self, from: Data(json.utf8)) }
    }
}
