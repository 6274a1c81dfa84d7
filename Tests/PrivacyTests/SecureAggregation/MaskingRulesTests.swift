import Encryption
import Privacy
import Tensors
import Testing

struct MaskingRulesTests {
    @Test(arguments: [
        (2, [5, 8, 11]), (4, [8, 11, 14]), (8, [12, 15, 18]),
    ])
    func valuesTakeNoMoreBitsThanTheirSumNeeds(bits: Int, expected: [Int]) {
        let found = [10, 100, 1000].map { clients in
            MaskingRules(choice: .choice(clients: clients), magnitude: 1 << (bits - 1) - 1, count: 1)
                .bits(clients: clients)
        }
        #expect(found == expected)
    }

    @Test func neighboursAndThresholdFollowTheBound() {
        #expect(MaskingThreshold.choice(clients: 10) == MaskingThreshold(degree: 9, threshold: 7))
        #expect(MaskingThreshold.choice(clients: 100) == MaskingThreshold(degree: 99, threshold: 67))
        #expect(MaskingThreshold.choice(clients: 1000) == MaskingThreshold(degree: 96, threshold: 67))
    }

    @Test(arguments: [(3, 2), (8, 4), (101, 100), (1000, 96)])
    func neighbourhoodIsMutual(count: Int, degree: Int) {
        let graph = MaskingGraph(count: count, degree: degree, session: (0..<32).map { UInt8($0) })
        for position in 0..<count {
            let neighbours = graph.neighbours(of: position)
            #expect(Set(neighbours).count == degree)
            #expect(!neighbours.contains(position))
            #expect(neighbours.allSatisfy { graph.neighbours(of: $0).contains(position) })
        }
    }

    @Test func keysAndSharesOfAHundredClientsStayBelow15Kilobytes() throws {
        var fixture = try MaskingFixture(count: 100, seed: Seed(51))
        try fixture.advertise()
        let roster = try #require(fixture.coordinator.roster(for: 0))
        let advert = try #require(fixture.clients[0]?.advert.encoded.count)
        let deal = try #require(try fixture.clients[0]?.deal(roster).count)
        #expect(advert + deal <= 15_000)
    }
}

struct SharedSecretTests {
    @Test(arguments: [(1, 1), (2, 3), (7, 10), (67, 97)])
    func anyThresholdOfSharesGivesTheSecret(threshold: Int, holders: Int) throws {
        let entropy = MaskingFixture.entropy(Seed(61))
        let secret = GroupScalar(reducing: entropy(64))
        let positions = (0..<holders).map { 2 * $0 }
        let dealt = try SharedSecret(dealing: secret, threshold: threshold, to: positions, entropy: entropy)
        for start in [0, holders - threshold] {
            let chosen = Array(start..<(start + threshold))
            let weights = SharedSecret.weights(of: chosen.map { positions[$0] })
            #expect(SharedSecret.reconstruct(chosen.map { dealt.shares[$0] }, weights: weights) == secret)
            if threshold > 1 {
                let fewer = SharedSecret.weights(of: chosen.dropLast().map { positions[$0] })
                #expect(SharedSecret.reconstruct(chosen.dropLast().map { dealt.shares[$0] }, weights: fewer) != secret)
            }
        }
        let last = holders - 1
        #expect(
            SharedSecret.verify(dealt.shares[last], position: positions[last], commitments: dealt.commitments))
        #expect(
            !SharedSecret.verify(
                dealt.shares[last] + GroupScalar(1), position: positions[last], commitments: dealt.commitments))
    }

    @Test func onlyCanonicalEncodingsAreRead() {
        #expect(GroupScalar([UInt8](repeating: 0xff, count: 32)) == nil)
        #expect(GroupScalar([UInt8](repeating: 0, count: 31)) == nil)
        #expect(GroupElement([UInt8](repeating: 0xff, count: 32)) == nil)
        let scalar = GroupScalar(7)
        #expect(GroupScalar(scalar.bytes) == scalar)
        #expect(scalar.inverse.map { $0 * scalar } == GroupScalar(1))
        #expect(GroupScalar(0).inverse == nil)
    }
}
