/// Runs a model image in integers, with the rounding of one profile.
///
/// Nothing is allocated: activations and scratch live in one arena of `ModelImage.arenaByteCount` bytes that the caller
/// provides, constants stay where the image is. An activation is valid until the arena's plan gives its place to a later
/// one: the input is used up by `run`, the output holds until the next one.
public struct Interpreter<Rules: RoundingRules> {
    /// The model.
    public let image: ModelImage
    let arena: UnsafeMutablePointer<Int8>

    /// Ties an image to its working memory; both must outlive the interpreter.
    ///
    /// - Parameter arena: at least `image.arenaByteCount` bytes that begin at a multiple of 8.
    /// - Throws: `ImageError.otherProfile`, `.wideActivations`, `.arenaUnfit`.
    public init(_ image: ModelImage, arena: UnsafeMutableRawBufferPointer) throws(ImageError) {
        guard image.profile == Rules.profile else { throw .otherProfile }
        guard Rules.hasWideActivations || !image.hasWideActivations else { throw .wideActivations }
        guard let base = arena.baseAddress, arena.count >= image.arenaByteCount, UInt(bitPattern: base) & 7 == 0 else {
            throw .arenaUnfit(needed: image.arenaByteCount)
        }
        self.image = image
        self.arena = base.assumingMemoryBound(to: Int8.self)
    }

    /// The elements of an activation of 8 bits, channels innermost; of one of 16 bits see `wideActivation`.
    public func activation(_ index: Int) -> UnsafeMutableBufferPointer<Int8> {
        let tensor = image.tensor(index)
        return UnsafeMutableBufferPointer(start: arena + tensor.arenaOffset, count: tensor.count)
    }

    /// Where a sample goes.
    public var input: UnsafeMutableBufferPointer<Int8> { activation(image.input) }
    /// Where the result is.
    public var output: UnsafeMutableBufferPointer<Int8> { activation(image.output) }

    /// Index of the largest output, the first of equals.
    public var winner: Int {
        if Rules.hasWideActivations, image.tensor(image.output).isWide {
            return Self.indexOfLargest(wideActivation(image.output))
        }
        return Self.indexOfLargest(output)
    }

    @inline(__always)
    private static func indexOfLargest<Element: Comparable>(_ values: UnsafeMutableBufferPointer<Element>) -> Int {
        var best = 0
        for index in 0..<values.count where values[index] > values[best] { best = index }
        return best
    }

    /// Runs all operations on what `input` holds.
    public func run() {
        for index in 0..<image.operationCount { execute(index) }
    }

    /// Runs one operation; those before it must have run. `index` below `image.operationCount`.
    public func execute(_ index: Int) {
        guard let operation = image.operation(index) else { return }
        let (input, output) = (image.tensor(operation.input), image.tensor(operation.output))
        if Rules.hasWideActivations, input.isWide || output.isWide {
            executeWide(operation, input, output)
            return
        }
        switch operation.kind {
        case .convolution: convolve(operation, input, output)
        case .depthwiseConvolution: convolveDepthwise(operation, input, output)
        case .dense:
            applyFilters(
                operation, arena + input.arenaOffset, depth: input.count, into: arena + output.arenaOffset,
                channels: output.channels, zeroPoint: output.zeroPoint)
        case .add: add(operation, input, output)
        case .maxPool: pool(operation, input, output, averaging: false)
        case .averagePool: pool(operation, input, output, averaging: true)
        case .reshape: copy(arena + input.arenaOffset, to: arena + output.arenaOffset, count: output.count)
        case .softmax: softmax(operation, input, output)
        case .requantize: break  // Between widths, hence not here.
        }
    }

    @inline(__always)
    func copy(_ source: UnsafePointer<Int8>, to target: UnsafeMutablePointer<Int8>, count: Int) {
        guard source != UnsafePointer(target) else { return }
        // Not `update(from:count:)`, which -Osize turns into a call for each byte.
        UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count)
    }
}
