import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Training

extension FuzzedDecoders {
    /// ONNX files and images of integer models, the latter also run: an image that passes its checks must not make the
    /// runtime leave its memory, whatever it asks for.
    static func models() -> [FuzzedDecoder] {
        let spec = ModelSpec(
            name: "small", inputShape: [2, 8], classCount: 3,
            layers: [
                .conv1d(out: 4, window: Window(kernel: 3)), .relu, .maxpool1d(.pool(2)), .globalAveragePool,
                .dense(out: 3),
            ])
        let parameters = must { try spec.initialParameters(seed: Seed(3)) }
        let image = must {
            let float = try spec.lowered(parameters)
            let ranges = float.tensors.map { _ in ActivationRange(low: -1, high: 1) }
            return try ModelImageWriter(profile: .tflm).image(of: float.quantized(ranges: ranges))
        }
        return [
            FuzzedDecoder(
                sample: must { try ONNXModel(spec: spec, parameters: parameters).encoded() }, frame: { $0 },
                decode: { _ = try? ONNXModel(decoding: $0).parameters(of: spec) }),
            FuzzedDecoder(sample: image, frame: { Array(image.prefix(16)) + $0 }, decode: run),
        ]
    }

    /// Runs an image without looking at its checksum, which edits break.
    private static func run(_ bytes: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        guard
            let image = try? ModelImage(
                UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]), verifyingChecksum: false),
            image.arenaByteCount <= 1 << 20, work(of: image) <= 1 << 22
        else { return }
        let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: max(8, image.arenaByteCount), alignment: 64)
        defer { arena.deallocate() }
        arena.initializeMemory(as: UInt8.self, repeating: 0)
        if let interpreter = try? Interpreter<WideRules<TFLMRules>>(image, arena: arena) { interpreter.run() }
        if let packed = try? PackedInterpreter<WideRules<TFLMRules>>(image, arena: arena) { packed.run() }
    }

    /// An upper bound of the steps of a run, so that one input takes no longer than a moment.
    private static func work(of image: ModelImage) -> Int {
        (0..<image.operationCount).reduce(0) { sum, index in
            guard sum < 1 << 40, let operation = image.operation(index) else { return 1 << 40 }
            let (input, output) = (image.tensor(operation.input).count, image.tensor(operation.output).count)
            let isPool = operation.kind == .maxPool || operation.kind == .averagePool
            return sum + image.multiplicationCount(of: operation) + input + output + (isPool ? input * output : 0)
        }
    }
}
