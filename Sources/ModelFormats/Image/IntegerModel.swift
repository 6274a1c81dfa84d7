import IntegerRuntime

/// A model image with memory of its own, for programs that have an operating system: owns a copy of the bytes and the
/// arena, whatever the image's rounding profile. One call at a time.
public final class IntegerModel {
    /// Whose rounding the model reproduces.
    public let profile: RoundingProfile
    /// Elements of a sample.
    public let inputCount: Int
    /// Elements of the result.
    public let outputCount: Int
    /// Elements that all operations together write for one sample.
    public let layerElementCount: Int
    /// Bytes of working memory.
    public let arenaByteCount: Int

    private enum Engine {
        case tflm(PackedInterpreter<TFLMRules>)
        case litertReference(PackedInterpreter<LiteRTReferenceRules>)
        case xnnpack(PackedInterpreter<XNNPACKRules>)
    }

    private let engine: Engine
    private let image: ModelImage
    private let bytes: UnsafeMutableRawBufferPointer
    private let arena: UnsafeMutableRawBufferPointer

    /// Copies and checks an image.
    ///
    /// - Throws: `ModelFormatError.invalidImage`.
    public init(_ image: [UInt8]) throws(ModelFormatError) {
        bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 64)
        bytes.copyBytes(from: image)
        do throws(ImageError) {
            self.image = try ModelImage(UnsafeRawBufferPointer(bytes))
        } catch {
            bytes.deallocate()
            throw .invalidImage(error)
        }
        arena = UnsafeMutableRawBufferPointer.allocate(byteCount: self.image.arenaByteCount, alignment: 64)
        arena.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(ImageError) {
            engine = try Self.engine(self.image, arena)
        } catch {
            arena.deallocate()
            bytes.deallocate()
            throw .invalidImage(error)
        }
        profile = self.image.profile
        inputCount = self.image.tensor(self.image.input).count
        outputCount = self.image.tensor(self.image.output).count
        arenaByteCount = self.image.arenaByteCount
        var count = 0
        for index in 0..<self.image.operationCount {
            if let operation = self.image.operation(index) { count += self.image.tensor(operation.output).count }
        }
        layerElementCount = count
    }

    deinit {
        arena.deallocate()
        bytes.deallocate()
    }

    private static func engine(
        _ image: ModelImage, _ arena: UnsafeMutableRawBufferPointer
    ) throws(ImageError) -> Engine {
        switch image.profile {
        case .tflm: .tflm(try PackedInterpreter(image, arena: arena))
        case .litertReference: .litertReference(try PackedInterpreter(image, arena: arena))
        case .xnnpack: .xnnpack(try PackedInterpreter(image, arena: arena))
        }
    }

    /// The input's integers for real values: nearest, halves to even, saturating.
    ///
    /// - Parameter sample: `inputCount` values, channels innermost.
    public func quantize(_ sample: [Float]) -> [Int8] {
        let tensor = image.tensor(image.input)
        return sample.map { value in
            let position = (value / tensor.scale).rounded(.toNearestOrEven) + Float(tensor.zeroPoint)
            return position.isNaN ? Int8(clamping: tensor.zeroPoint) : Int8(max(-128, min(127, position)))
        }
    }

    /// The result for one sample.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` for another number of elements.
    public func run(_ sample: [Int8]) throws(ModelFormatError) -> [Int8] {
        try load(sample)
        switch engine {
        case .tflm(let interpreter): interpreter.run()
        case .litertReference(let interpreter): interpreter.run()
        case .xnnpack(let interpreter): interpreter.run()
        }
        return Array(activation(image.output))
    }

    /// What every operation writes for one sample, one behind the other: `layerElementCount` integers.
    ///
    /// - Parameter isPlain: whether the kernels of devices run instead of the vector ones; the result is the same.
    /// - Throws: as `run`.
    public func layers(_ sample: [Int8], isPlain: Bool = false) throws(ModelFormatError) -> [Int8] {
        try load(sample)
        var result: [Int8] = []
        result.reserveCapacity(layerElementCount)
        for index in 0..<image.operationCount {
            switch engine {
            case .tflm(let interpreter): isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            case .litertReference(let interpreter):
                isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            case .xnnpack(let interpreter): isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            }
            if let output = image.operation(index)?.output { result.append(contentsOf: activation(output)) }
        }
        return result
    }

    private func load(_ sample: [Int8]) throws(ModelFormatError) {
        guard sample.count == inputCount else {
            throw .invalidTensor(name: "input", cause: "has \(sample.count) elements, the model takes \(inputCount)")
        }
        let input = activation(image.input)
        for index in sample.indices { input[index] = sample[index] }
    }

    private func activation(_ index: Int) -> UnsafeMutableBufferPointer<Int8> {
        switch engine {
        case .tflm(let interpreter): interpreter.plain.activation(index)
        case .litertReference(let interpreter): interpreter.plain.activation(index)
        case .xnnpack(let interpreter): interpreter.plain.activation(index)
        }
    }
}
