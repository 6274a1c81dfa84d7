/// An operation of an image, ready to run.
public struct ImageOperation {
    /// What it does.
    public let kind: OperationKind
    /// Width of its weights; 8 or 4, 0 without.
    public let weightBits: Int
    /// Index of the tensor that it reads.
    public let input: Int
    /// Index of the second tensor that it reads, where it reads two.
    public let secondInput: Int
    /// Index of the tensor that it writes.
    public let output: Int
    let kernelHeight: Int
    let kernelWidth: Int
    let strideHeight: Int
    let strideWidth: Int
    let top: Int
    let left: Int
    let weightsOffset: Int
    let biasOffset: Int
    let scalesOffset: Int
    let minimum: Int32
    let maximum: Int32
    let words: (Int32, Int32, Int32, Int32, Int32, Int32)

    /// Reads a record; nil where its kind is unknown.
    @inline(__always)
    init?(_ record: UnsafeRawPointer) {
        typealias Field = ModelImageFormat.Operation
        guard let kind = OperationKind(rawValue: record.byte(Field.kind)) else { return nil }
        self.kind = kind
        weightBits = Int(record.byte(Field.weightBits))
        input = record.short(Field.input)
        secondInput = record.short(Field.secondInput)
        output = record.short(Field.output)
        kernelHeight = record.short(Field.window)
        kernelWidth = record.short(Field.window &+ 2)
        strideHeight = record.short(Field.window &+ 4)
        strideWidth = record.short(Field.window &+ 6)
        top = record.short(Field.window &+ 8)
        left = record.short(Field.window &+ 10)
        weightsOffset = Int(truncatingIfNeeded: record.word(Field.weights))
        biasOffset = Int(truncatingIfNeeded: record.word(Field.bias))
        scalesOffset = Int(truncatingIfNeeded: record.word(Field.scales))
        minimum = record.signedShort(Field.minimum)
        maximum = record.signedShort(Field.maximum)
        words = (
            record.signedWord(Field.words), record.signedWord(Field.words &+ 4), record.signedWord(Field.words &+ 8),
            record.signedWord(Field.words &+ 12), record.signedWord(Field.words &+ 16),
            record.signedWord(Field.words &+ 20)
        )
    }

    /// The taps of a window of `length` at `start` that lie within `limit`.
    @inline(__always)
    static func clip(_ start: Int, _ length: Int, _ limit: Int) -> (first: Int, end: Int) {
        (start < 0 ? 0 &- start : 0, limit &- start < length ? limit &- start : length)
    }
}

extension ModelImage {
    /// Multiplications of an operation with weights; 0 for the others.
    public func multiplicationCount(of operation: ImageOperation) -> Int {
        let (input, output) = (tensor(operation.input), tensor(operation.output))
        let taps = operation.kernelHeight &* operation.kernelWidth
        switch operation.kind {
        case .convolution: return output.count &* taps &* input.channels
        case .depthwiseConvolution: return output.count &* taps
        case .dense: return output.count &* input.count
        case .add, .maxPool, .averagePool, .reshape, .softmax, .requantize: return 0
        }
    }
}
