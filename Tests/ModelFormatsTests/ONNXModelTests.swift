import ModelFormats
import Tensors
import Testing
import Training

struct ONNXModelTests {
    /// Built-in models that ONNX expresses, each with an input shape.
    static let models: [(name: String, shape: [Int])] = [
        ("cnn-28x28", [1, 28, 28]), ("cnn1d-har", [6, 128]), ("cnn1d-gestures", [3, 64]), ("dscnn", [1, 49, 10]),
        ("resnet8", [3, 32, 32]), ("linear", [7]),
    ]

    static func spec(_ model: (name: String, shape: [Int])) throws -> ModelSpec {
        try ModelSpec.builtIn(model.name, inputShape: model.shape, classCount: 5)
    }

    /// A small model with every kind of operation that has constants.
    static let small = ModelSpec(
        name: "small", inputShape: [2, 6, 6], classCount: 3,
        layers: [
            .conv2d(out: 3, window: Window(kernel: 3, padding: .same), bias: false), .batchNorm, .relu6,
            .depthwiseConv2d(window: Window(kernel: 3)), .flatten, .dense(out: 3),
        ])

    @Test(arguments: models) func readsBackWhatItWrote(_ model: (name: String, shape: [Int])) throws {
        let spec = try Self.spec(model)
        let parameters = try spec.initialParameters(seed: Seed(3))
        let written = try ONNXModel(spec: spec, parameters: parameters)
        let read = try ONNXModel(decoding: written.encoded())
        #expect(read == written)
        #expect(try read.parameters(of: spec) == parameters)
        #expect(written.opset == 13)
        #expect(written.outputs.map(\.name) == ["logits"])
    }

    @Test func endsWithSoftmaxWhereAsked() throws {
        let spec = Self.small
        let parameters = try spec.initialParameters(seed: Seed(1))
        let model = try ONNXModel(spec: spec, parameters: parameters, softmax: true)
        #expect(model.nodes.last?.operation == "Softmax")
        #expect(model.nodes.last?.outputs == ["probabilities"])
    }

    @Test func takesConstantsInOrderWhereNamesAreForeign() throws {
        let spec = Self.small
        let parameters = try spec.initialParameters(seed: Seed(5))
        var model = try ONNXModel(spec: spec, parameters: parameters)
        model.tensors = model.tensors.map { tensor in
            ONNXTensor(
                name: "x." + tensor.name, elementType: tensor.elementType, shape: tensor.shape, data: tensor.data)
        }
        let constants = Set(model.tensors.map(\.name))
        for index in model.nodes.indices {
            model.nodes[index].inputs = model.nodes[index].inputs.map { constants.contains("x." + $0) ? "x." + $0 : $0 }
        }
        #expect(try model.parameters(of: spec) == parameters)
    }

    @Test func namesTheTensorThatDoesNotFit() throws {
        let model = try ONNXModel(spec: Self.small, parameters: Self.small.initialParameters(seed: Seed(1)))
        var wider = Self.small
        wider.layers[0] = .conv2d(out: 4, window: Window(kernel: 3, padding: .same), bias: false)
        #expect(
            throws: ModelFormatError.invalidTensor(
                name: "0.conv2d/weight",
                cause: "has shape [3, 2, 3, 3], but '0.conv2d/weight' of the model [4, 2, 3, 3]")
        ) { try model.parameters(of: wider) }
        var deeper = Self.small
        deeper.layers.insert(.dense(out: 9), at: 5)
        #expect(throws: ModelFormatError.self) { try model.parameters(of: deeper) }
    }

    @Test func refusesWhatItCannotExpress() throws {
        let spec = try ModelSpec.builtIn("gru-chars", inputShape: [8], classCount: 5)
        #expect(throws: ModelFormatError.self) {
            try ONNXModel(spec: spec, parameters: spec.initialParameters(seed: Seed(1)))
        }
    }

    @Test func refusesEveryTruncation() throws {
        let bytes = try ONNXModel(spec: Self.small, parameters: Self.small.initialParameters(seed: Seed(1))).encoded()
        for count in 0..<bytes.count {
            guard let model = try? ONNXModel(decoding: Array(bytes[..<count])) else { continue }
            // A cut between two fields of the outermost message leaves a whole file with fewer of them.
            #expect(throws: ModelFormatError.self) { try model.parameters(of: Self.small) }
        }
    }

    @Test func survivesFlippedBits() throws {
        let bytes = try ONNXModel(spec: Self.small, parameters: Self.small.initialParameters(seed: Seed(1))).encoded()
        var refused = 0
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << bit
                do throws(ModelFormatError) {
                    _ = try ONNXModel(decoding: changed).parameters(of: Self.small)
                } catch {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
        }
        #expect(refused > 0)
    }

    @Test(
        arguments: [
            ([], "no graph"), ([0x3a, 0x7f], "truncated"), ([0x3b], "wire type"), ([0x00], "field number"),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], "64 bits"),
            ([0x42, 0x02, 0x10, 0x0d], "no graph"), ([0x3a, 0x00], "operator set"),
        ] as [([UInt8], String)])
    func saysWhatIsWrong(_ bytes: [UInt8], _ words: String) {
        do throws(ModelFormatError) {
            _ = try ONNXModel(decoding: bytes)
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains(words))
        }
    }
}
