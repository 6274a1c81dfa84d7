import Foundation
import Tensors
import Testing
import Training

struct ModelSpecTests {
    static let builtIns: [(name: String, shape: [Int], classes: Int, parameters: Int)] = [
        ("cnn-28x28", [1, 28, 28], 10, 69_690), ("cnn1d-har", [6, 128], 6, 24_534),
        ("cnn1d-har", [6, 128], 12, 24_924),
        ("cnn-fedavg", [1, 28, 28], 10, 1_663_370), ("cnn1d-gestures", [3, 64], 6, 12_342),
        ("linear", [1, 28, 28], 10, 7_850), ("linear", [3, 64], 6, 1_158), ("gru-chars", [80], 65, 65_489),
        ("dscnn", [1, 49, 10], 12, 22_348), ("resnet8", [3, 32, 32], 10, 78_426),
    ]

    @Test(arguments: builtIns.indices)
    func builtInsHaveTheirParameterCount(index: Int) throws {
        let (name, shape, classes, parameters) = Self.builtIns[index]
        let spec = try ModelSpec.builtIn(name, inputShape: shape, classCount: classes)
        #expect(try spec.layout().count == parameters)
        #expect(try spec.initialParameters(seed: Seed(1)).count == parameters)
    }

    @Test func everyBuiltInNameIsTested() {
        #expect(Set(ModelSpec.builtInNames) == Set(Self.builtIns.map(\.name)))
    }

    @Test(arguments: builtIns.indices)
    func jsonReadsBackAndIsStable(index: Int) throws {
        let (name, shape, classes, _) = Self.builtIns[index]
        let spec = try ModelSpec.builtIn(name, inputShape: shape, classCount: classes)
        let bytes = try spec.canonicalJSON()
        let copy = try JSONDecoder().decode(ModelSpec.self, from: Data(bytes))
        #expect(copy == spec)
        #expect(try copy.canonicalJSON() == bytes)
    }

    @Test func canonicalJSONIsFixed() throws {
        let spec = try ModelSpec.builtIn("linear", inputShape: [2, 3], classCount: 4)
        let text = #"{"classCount":4,"inputShape":[2,3],"layers":["flatten",{"dense":4}],"name":"linear"}"#
        #expect(try spec.canonicalJSON() == [UInt8](text.utf8))
    }

    @Test func initialParametersAreFixedBySeed() throws {
        let spec = try ModelSpec.builtIn("cnn-28x28", inputShape: [1, 28, 28], classCount: 10)
        let parameters = try spec.initialParameters(seed: Seed(42))
        // FNV-1a over the bits: any machine must come to the same value.
        let hash = parameters.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3
        }
        #expect(hash == 17_995_369_680_976_941_722)
        #expect(try spec.initialParameters(seed: Seed(42)) == parameters)
        #expect(try spec.initialParameters(seed: Seed(43)) != parameters)
    }

    @Test func initialParametersFillTheirBounds() throws {
        let spec = try ModelSpec.builtIn("cnn-28x28", inputShape: [1, 28, 28], classCount: 10)
        let layout = try spec.layout()
        let parameters = try spec.initialParameters(seed: Seed(7))
        let bounds: [String: Float] = [
            "0.conv2d/weight": 1 / 3, "3.conv2d/weight": 1 / 12, "7.dense/weight": 1 / Float(800).squareRoot(),
        ]
        for (name, bound) in bounds {
            let entry = try #require(layout.entries.first { $0.name == name })
            let values = parameters[entry.range]
            #expect(values.allSatisfy { abs($0) <= bound })
            #expect(try #require(values.max()) > 0.9 * bound)
            #expect(abs(values.reduce(0, +) / Float(values.count)) < 0.2 * bound)
        }
    }

    @Test func layoutNamesAndKinds() throws {
        let spec = ModelSpec(
            name: "x", inputShape: [2, 4, 4], classCount: 3,
            layers: [
                .residual(body: [.conv2d(out: 2, window: Window(kernel: 3, padding: .same)), .batchNorm]), .flatten,
                .dense(out: 3, bias: false),
            ])
        let entries = try spec.layout().entries
        #expect(
            entries.map(\.name) == [
                "0.residual.body.0.conv2d/weight", "0.residual.body.0.conv2d/bias", "0.residual.body.1.batchnorm/scale",
                "0.residual.body.1.batchnorm/shift", "0.residual.body.1.batchnorm/mean",
                "0.residual.body.1.batchnorm/variance", "2.dense/weight",
            ])
        #expect(entries.map(\.kind) == [.weight, .vector, .vector, .vector, .statistic, .statistic, .weight])
        #expect(entries[0].shape == [2, 2, 3, 3])
    }

    static let mistakes: [(layers: [LayerSpec], shape: [Int], message: String)] = [
        ([], [4], "has no layers"),
        ([.dense(out: 2)], [4, 4], "layer 0.dense, input shape [4, 4]: expects an input of the form [N]; a flatten"),
        ([.relu, .conv2d(out: 2, window: Window(kernel: 3))], [4], "layer 1.conv2d, input shape [4]: expects"),
        ([.conv1d(out: 2, window: Window(kernel: 9))], [1, 8], "a window of 9 does not fit into a length of 8"),
        ([.conv1d(out: 0, window: Window(kernel: 1))], [1, 8], "out is 0"),
        ([.dense(out: 1 << 17)], [8], "out is 131072"),
        ([.conv1d(out: 1, window: Window(kernel: 0))], [1, 8], "window 0"),
        ([.conv1d(out: 1, window: Window(kernel: 2, stride: 0))], [1, 8], "stride 0"),
        ([.conv1d(out: 1, window: Window(kernel: 2, padding: .zeros(2)))], [1, 8], "padding 2 is not in 0 to 1"),
        ([.maxpool1d(Window(kernel: 2, padding: .same))], [1, 8], "pooling takes no padding"),
        ([.dense(out: 3)], [8], "the last layer yields shape [3], but 2 classes need [2]"),
        ([.dense(out: 2)], [0], "input shape [0]"), ([.dense(out: 2)], [1 << 20, 1 << 20], "more than"),
        ([.dense(out: 2)], [1, 1, 1, 1], "is not of the form"),
        ([.dense(out: 2), .embedding(vocabulary: 2, dimension: 2)], [4], "must be the first layer"),
        ([.residual(body: [.dense(out: 3)])], [4], "the body yields [3], the shortcut [4]"),
        ([.residual(body: [])], [4], "the body is empty"), ([.globalAveragePool], [4], "expects [C, T] or [C, H, W]"),
        ([.flatten] + Array(repeating: .relu, count: 1024), [4], "more than 1024 layers"),
        (
            [.flatten, .dense(out: 65_536), .dense(out: 65_536)], [4], "weight [65536, 65536] has more than 268435456"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func mistakesNameTheLayerAndTheReason(index: Int) {
        let (layers, shape, message) = Self.mistakes[index]
        let spec = ModelSpec(name: "x", inputShape: shape, classCount: 2, layers: layers)
        let error = #expect(throws: TrainingError.self) { try spec.layout() }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func deepResidualsAreRefused() {
        var layer = LayerSpec.relu
        for _ in 0..<20 { layer = .residual(body: [layer]) }
        let spec = ModelSpec(name: "x", inputShape: [2], classCount: 2, layers: [layer])
        #expect(throws: TrainingError.self) { try spec.layout() }
    }

    @Test func unknownNamesAndWrongRanksAreRefused() {
        #expect(throws: TrainingError.unknownModel(name: "vgg", known: ModelSpec.builtInNames)) {
            try ModelSpec.builtIn("vgg", inputShape: [1, 28, 28], classCount: 10)
        }
        #expect(
            throws: TrainingError.unsupportedInput(model: "cnn-28x28", shape: [784], expected: "[C, H, W]")
        ) { try ModelSpec.builtIn("cnn-28x28", inputShape: [784], classCount: 10) }
    }

    @Test func unknownModelKeysAreRefused() {
        let text = #"{"name":"x","inputShape":[2],"classCount":2,"layers":[],"seed":1}"#
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ModelSpec.self, from: Data(text.utf8)) }
    }
}
