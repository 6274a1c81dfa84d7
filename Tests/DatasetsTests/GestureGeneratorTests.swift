import Datasets
import Foundation
import Tensors
import Testing

struct GestureGeneratorTests {
    private static let small: GestureSettings = {
        var settings = GestureSettings()
        settings.minimumWindows = 20
        settings.maximumWindows = 30
        settings.testClients = 3
        settings.testWindows = 12
        return settings
    }()

    @Test(arguments: [1, 2, 10])
    func aClientAloneGetsTheWindowsOfTheFullSet(clients: Int) throws {
        let spec = DatasetSpec.gestures(Self.small)
        let all = try spec.load(dataRoot: nil, clients: clients, seed: Seed(5)).train
        let parts = try Datasets.Partition.byClientID.assign(all, clients: clients, seed: Seed(5))
        for client in 0..<clients {
            let share = try spec.loadShare(
                of: client, partition: .byClientID, dataRoot: nil, clients: clients, seed: Seed(5))
            let expected = all.subset(parts[client])
            #expect(share.inputs == expected.inputs)
            #expect(share.labels == expected.labels)
            #expect(share.clientIDs == expected.clientIDs)
        }
    }

    @Test func aShareOfAnotherPartitionIsThePartitions() throws {
        let spec = DatasetSpec.gestures(Self.small)
        let all = try spec.load(dataRoot: nil, clients: 4, seed: Seed(5)).train
        let parts = try Datasets.Partition.iid.assign(all, clients: 6, seed: Seed(5))
        #expect(parts.count == 6)
        let share = try spec.loadShare(of: 3, partition: .iid, dataRoot: nil, clients: 4, seed: Seed(5))
        let expected = all.subset(try Datasets.Partition.iid.assign(all, clients: 4, seed: Seed(5))[3])
        #expect(share.inputs == expected.inputs)
    }

    @Test func windowsHaveTheDocumentedFormAndRange() throws {
        let pair = try DatasetSpec.gestures(Self.small).load(dataRoot: nil, clients: 10, seed: Seed(1))
        #expect(pair.train.inputShape == [3, 64])
        #expect(pair.train.classCount == 6)
        #expect(pair.train.classNames?.count == 6)
        #expect(pair.test.sampleCount == 36)
        #expect(pair.test.classHistogram() == [6, 6, 6, 6, 6, 6])
        #expect(Set(pair.train.clientIDs ?? []) == Set(0..<10))
        #expect(Set(pair.test.clientIDs ?? []).isDisjoint(with: pair.train.clientIDs ?? []))
        #expect(pair.train.inputs.allSatisfy { abs($0) < 10 })
        for client in 0..<10 {
            let count = pair.train.clientIDs?.count { $0 == client } ?? 0
            #expect((20...30).contains(count))
        }
    }

    /// FNV-1a over the bit patterns. Only additions, multiplications, divisions and square roots make the windows, so
    /// this must hold on every machine; a change of the generator changes it, and the figures of the quickstart too.
    @Test func theBitsOfASeedNeverChange() throws {
        let window = try GestureGenerator(Self.small, seed: Seed(1)).windows(ofClient: 0)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in window.inputs { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3 }
        for label in window.labels { hash = (hash ^ UInt64(UInt32(bitPattern: label))) &* 0x100_0000_01b3 }
        #expect(hash == 2_694_187_914_169_191_632)
    }

    @Test func seedsAndClientsDiffer() throws {
        let one = try GestureGenerator(Self.small, seed: Seed(1))
        let two = try GestureGenerator(Self.small, seed: Seed(2))
        #expect(one.windows(ofClient: 0).inputs != two.windows(ofClient: 0).inputs)
        #expect(one.windows(ofClient: 0).inputs != one.windows(ofClient: 1).inputs)
    }

    @Test func clientsDifferInWhatTheyDo() throws {
        func meanLargestShare(_ skew: Double) throws -> Double {
            var settings = GestureSettings()
            settings.labelSkew = skew
            let generator = try GestureGenerator(settings, seed: Seed(3))
            return (0..<40).reduce(0.0) { sum, client in
                let share = generator.windows(ofClient: client)
                return sum + Double(share.classHistogram().max() ?? 0) / Double(share.sampleCount)
            } / 40
        }
        #expect(try meanLargestShare(1) > 0.35)
        #expect(try meanLargestShare(0) < 0.25)
    }

    /// The mean of each class tells a linear model something, but by far not all.
    @Test func classMeansTellOnlyPartOfTheTask() throws {
        let pair = try DatasetSpec.gestures(GestureSettings()).load(dataRoot: nil, clients: 10, seed: Seed(1))
        let size = pair.train.inputCount
        var means = [[Float]](repeating: [Float](repeating: 0, count: size), count: 6)
        for (sample, label) in pair.train.labels.enumerated() {
            for index in 0..<size { means[Int(label)][index] += pair.train.inputs[sample * size + index] }
        }
        for (label, count) in pair.train.classHistogram().enumerated() {
            for index in 0..<size { means[label][index] /= Float(count) }
        }
        let right = pair.test.labels.indices.count { sample in
            let distances = means.map { mean in
                (0..<size).reduce(Float(0)) { sum, index in
                    let difference = mean[index] - pair.test.inputs[sample * size + index]
                    return sum + difference * difference
                }
            }
            return distances.firstIndex(of: distances.min() ?? 0) == Int(pair.test.labels[sample])
        }
        let accuracy = Double(right) / Double(pair.test.sampleCount)
        #expect((0.30...0.70).contains(accuracy), "accuracy \(accuracy)")
    }

    @Test func sineAndCosineAreAccurate() {
        for step in -2_000...2_000 {
            let turns = Float(step) / 512
            let (sine, cosine) = sineAndCosine(turns: turns)
            #expect(abs(Double(sine) - sin(2 * Double.pi * Double(turns))) < 1e-5, "\(turns) turns")
            #expect(abs(Double(cosine) - cos(2 * Double.pi * Double(turns))) < 1e-5, "\(turns) turns")
        }
    }

    @Test(arguments: [-1, 0, 1_000_001])
    func refusesImpossibleNumbersOfClients(clients: Int) {
        #expect(throws: DatasetError.self) {
            try DatasetSpec.gestures(Self.small).load(dataRoot: nil, clients: clients, seed: Seed(1))
        }
    }

    @Test func refusesMoreWindowsThanItCanHold() {
        var settings = GestureSettings()
        settings.maximumWindows = 100_000
        #expect(
            throws: DatasetError.tooLarge(
                what: "gestures: windows of 1000 clients", count: 100_000_000, limit: 1_398_101)
        ) {
            try DatasetSpec.gestures(settings).load(dataRoot: nil, clients: 1_000, seed: Seed(1))
        }
    }

    @Test(arguments: [
        "\"minimum_windows\": 0", "\"minimum_windows\": 300", "\"test_clients\": 0", "\"noise\": -1",
        "\"diversity\": 3", "\"label_skew\": 1.5", "\"windows\": 3",
    ])
    func refusesSettingsOutOfRange(setting: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(DatasetSpec.self, from: Data("{\"kind\": \"gestures\", \(setting)}".utf8))
        }
    }
}
