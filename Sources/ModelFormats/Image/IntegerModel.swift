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
    /// Whether some of them have 16 bits.
    public let hasWideLayers: Bool
    /// Width of the elements of a sample, 8 or 16.
    public let inputBits: Int
    /// Width of the elements of the result, 8 or 16.
    public let outputBits: Int
    /// Bytes of working memory.
    public let arenaByteCount: Int

    private enum Engine {
        case tflm(PackedInterpreter<WideRules<TFLMRules>>)
        case litertReference(PackedInterpreter<WideRules<LiteRTReferenceRules>>)
        case xnnpack(PackedInterpreter<WideRules<XNNPACKRules>>)
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
        inputBits = self.image.tensor(self.image.input).isWide ? 16 : 8
        outputBits = self.image.tensor(self.image.output).isWide ? 16 : 8
        arenaByteCount = self.image.arenaByteCount
        var count = 0
        var isWide = false
        for index in 0..<self.image.operationCount {
            guard let operation = self.image.operation(index) else { continue }
            let output = self.image.tensor(operation.output)
            count += output.count
            isWide = isWide || output.isWide
        }
        layerElementCount = count
        hasWideLayers = isWide
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
    /// - Precondition: `inputBits` is 8.
    public func quantize(_ sample: [Float]) -> [Int8] {
        precondition(inputBits == 8, "the input has 16 bits; use wideIntegers")
        return wideIntegers(sample).map { Int8(truncatingIfNeeded: $0) }
    }

    /// As `quantize`, in whichever width the input has.
    public func wideIntegers(_ sample: [Float]) -> [Int16] {
        let tensor = image.tensor(image.input)
        let limit: Float = tensor.isWide ? 32768 : 128
        return sample.map { value in
            let position = (value / tensor.scale).rounded(.toNearestOrEven) + Float(tensor.zeroPoint)
            return position.isNaN ? Int16(clamping: tensor.zeroPoint) : Int16(max(-limit, min(limit - 1, position)))
        }
    }

    /// The result for one sample.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` for another number of elements, `.unsupported` where input or output have
    ///   16 bits.
    public func run(_ sample: [Int8]) throws(ModelFormatError) -> [Int8] {
        guard inputBits == 8, outputBits == 8 else {
            throw .unsupported("input or output of this model have 16 bits")
        }
        try check(sample.count)
        narrow(image.input).baseAddress?.update(from: sample, count: sample.count)
        execute()
        return Array(narrow(image.output))
    }

    /// As `run`, in whichever widths input and output have; what a sample has beyond 8 bits saturates there.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` for another number of elements.
    public func runWide(_ sample: [Int16]) throws(ModelFormatError) -> [Int16] {
        try load(sample)
        execute()
        return elements(image.output)
    }

    /// What every operation writes for one sample, one behind the other: `layerElementCount` integers.
    ///
    /// - Parameter isPlain: whether the kernels of devices run instead of the vector ones; the result is the same.
    /// - Throws: as `runWide`.
    public func layers(_ sample: [Int16], isPlain: Bool = false) throws(ModelFormatError) -> [Int16] {
        try load(sample)
        var result: [Int16] = []
        result.reserveCapacity(layerElementCount)
        for index in 0..<image.operationCount {
            switch engine {
            case .tflm(let interpreter): isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            case .litertReference(let interpreter):
                isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            case .xnnpack(let interpreter): isPlain ? interpreter.plain.execute(index) : interpreter.execute(index)
            }
            if let output = image.operation(index)?.output { result.append(contentsOf: elements(output)) }
        }
        return result
    }

    private func execute() {
        switch engine {
        case .tflm(let interpreter): interpreter.run()
        case .litertReference(let interpreter): interpreter.run()
        case .xnnpack(let interpreter): interpreter.run()
        }
    }

    private func check(_ count: Int) throws(ModelFormatError) {
        guard count == inputCount else {
            throw .invalidTensor(name: "input", cause: "has \(count) elements, the model takes \(inputCount)")
        }
    }

    private func load(_ sample: [Int16]) throws(ModelFormatError) {
        try check(sample.count)
        if inputBits == 16 {
            let input = wide(image.input)
            for index in sample.indices { input[index] = sample[index] }
        } else {
            let input = narrow(image.input)
            for index in sample.indices { input[index] = Int8(clamping: sample[index]) }
        }
    }

    private func elements(_ index: Int) -> [Int16] {
        image.tensor(index).isWide ? Array(wide(index)) : narrow(index).map(Int16.init)
    }

    private func narrow(_ index: Int) -> UnsafeMutableBufferPointer<Int8> {
        switch engine {
        case .tflm(let interpreter): interpreter.plain.activation(index)
        case .litertReference(let interpreter): interpreter.plain.activation(index)
        case .xnnpack(let interpreter): interpreter.plain.activation(index)
        }
    }

    private func wide(_ index: Int) -> UnsafeMutableBufferPointer<Int16> {
        switch engine {
        case .tflm(let interpreter): interpreter.plain.wideActivation(index)
        case .litertReference(let interpreter): interpreter.plain.wideActivation(index)
        case .xnnpack(let interpreter): interpreter.plain.wideActivation(index)
        }
    }
}
