import Datasets
import Foundation
import Tensors
import Testing

/// The named sets, on small files of the same layout and on the real ones.
struct NamedDatasetTests {
    private static let dataRoot = ProcessInfo.processInfo.environment["SWIFTLET_DATA"].map {
        URL(fileURLWithPath: $0, isDirectory: true)
    }

    private static func writeImages(_ folder: DataFolder, _ name: String, labels: [UInt8] = [9]) throws {
        for prefix in ["train", "t10k"] {
            let image = [UInt8](repeating: 0, count: 783) + [255]
            try folder.write(idx(8, [1, 28, 28], image), "\(name)/\(prefix)-images-idx3-ubyte")
            try folder.write(gzip(idx(8, [labels.count], labels)), "\(name)/\(prefix)-labels-idx1-ubyte.gz")
        }
    }

    @Test(arguments: [("mnist", 0.1307, 0.3081), ("fashion-mnist", 0.2860, 0.3530)])
    func imagesAreNormalised(name: String, mean: Double, deviation: Double) throws {
        let folder = try DataFolder()
        try Self.writeImages(folder, name)
        let train = try folder.load(.named(name)).train
        #expect(train.inputShape == [1, 28, 28])
        #expect(train.classCount == 10)
        #expect(abs(Double(train.inputs[0]) + mean / deviation) < 1e-6)
        #expect(abs(Double(train.inputs[783]) - (1 - mean) / deviation) < 1e-6)
    }

    @Test func imagesOfAnotherKindAreRefused() throws {
        let folder = try DataFolder()
        try Self.writeImages(folder, "mnist", labels: [10])
        #expect(
            folder.failure(.named("mnist"))
                == "mnist/train-labels-idx1-ubyte.gz: byte 8 after decompression: label 10 of sample 0 is out of range 0…9"
        )
        try Self.writeImages(folder, "mnist", labels: [1, 2])
        #expect(folder.failure(.named("mnist")).contains("holds 2 samples, but"))
        try folder.write(idx(8, [1, 2, 2], [1, 2, 3, 4]), "mnist/train-images-idx3-ubyte")
        #expect(folder.failure(.named("mnist")).contains("samples should be uint8 of [28, 28], not uint8 of [2, 2]"))
    }

    @Test func activityWindowsAreChannelFirstInPhysicalUnits() throws {
        let folder = try DataFolder()
        for prefix in ["train", "test"] {
            // Count 720 · (channel + 1) + step in each of two windows; the second is a postural transition.
            let window = (0..<128).flatMap { step in (0..<6).flatMap { bigEndian(Int16(720 * ($0 + 1) + step)) } }
            try folder.write(idx(11, [2, 128, 6], window + window), "uci-har/\(prefix)-windows-idx3-int16")
            try folder.write(idx(8, [2], [5, 6]), "uci-har/\(prefix)-labels-idx1-ubyte")
            try folder.write(idx(8, [2], [30, 1]), "uci-har/\(prefix)-subjects-idx1-ubyte")
        }
        let train = try folder.load(.named("uci-har")).train
        #expect(train.inputShape == [6, 128])
        #expect(train.labels == [5])
        #expect(train.clientIDs == [30])
        #expect(train.classCount == 6)
        #expect(abs(train.inputs[0] - 1) < 1e-6)
        #expect(abs(train.inputs[128 + 72] - 2.1) < 1e-6)
        #expect(abs(Double(train.inputs[5 * 128 + 100]) - 4_420 * 0.0175 * Double.pi / 180) < 1e-6)
        try folder.write(idx(8, [2], [30, 31]), "uci-har/train-subjects-idx1-ubyte")
        #expect(folder.failure(.named("uci-har")).contains("byte 9: person 31 of sample 1 is out of range 1…30"))
    }

    @Test func speechesBecomeWindowsOfTheirRole() throws {
        let folder = try DataFolder()
        // Two roles with 1,000 characters and more, one with less, and a block that is no speech.
        let line = String(repeating: "abcdefghi ", count: 50)
        let text = "B:\n\(line)\n\nA:\n\(line)\n\(line)\n\nC:\nshort\n\nno speech\n\nB:\n\(line)\n"
        try folder.write(text, "shakespeare/input.txt")
        let pair = try folder.load(.named("shakespeare"))
        #expect(pair.train.inputShape == [80])
        #expect(pair.train.classCount == 65)
        #expect(Set(pair.train.clientIDs ?? []) == [0, 1])
        // 1,002 characters: 902 for training, 100 for the test; a window takes 81.
        #expect(pair.train.sampleCount == 2 * 83)
        #expect(pair.test.sampleCount == 2 * 2)
        #expect(pair.train.classNames?[1] == " ")
        let letters = pair.train.inputs[..<10].compactMap { pair.train.classNames?[Int($0)] }.joined()
        #expect(letters == "abcdefghi ")
        #expect(pair.train.classNames?[Int(pair.train.labels[0])] == "a")
        try folder.write("A:\nÄ\n", "shakespeare/input.txt")
        #expect(folder.failure(.named("shakespeare")).contains("byte 3: byte 195 is none of the 65 characters"))
        try folder.write("A:\nshort\n", "shakespeare/input.txt")
        #expect(folder.failure(.named("shakespeare")).contains("no block 'NAME:' has a role with 1000 characters"))
    }

    @Test(
        .enabled(if: dataRoot != nil),
        arguments: [
            ("mnist", 60_000, 10_000, 0), ("fashion-mnist", 60_000, 10_000, 0), ("uci-har", 7_415, 2_996, 21),
            ("shakespeare", 86_828, 8_688, 141),
        ])
    func realSetsHaveTheirPublishedSizes(name: String, train: Int, test: Int, people: Int) throws {
        let pair = try DatasetSpec.named(name).load(dataRoot: Self.dataRoot, clients: 1, seed: Seed(1))
        #expect(pair.train.sampleCount == train)
        #expect(pair.test.sampleCount == test)
        #expect(Set(pair.train.clientIDs ?? []).count == people)
        guard people == 0 else { return }
        let mean = pair.train.inputs.reduce(0.0) { $0 + Double($1) } / Double(pair.train.inputs.count)
        #expect(abs(mean) < 1e-3, "normalised by the mean of the training images")
    }
}
