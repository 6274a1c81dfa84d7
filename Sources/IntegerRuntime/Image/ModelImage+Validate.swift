extension ModelImage {
    /// Checks tables, tensors and operations; afterwards every access of the interpreter is in bounds.
    func validate(verifyingChecksum: Bool) throws(ImageError) {
        typealias Field = ModelImageFormat.Header
        guard holds(tensorTable, tensorCount, ModelImageFormat.tensorSize),
            holds(operationTable, operationCount, ModelImageFormat.operationSize), tensorCount > 0,
            input < tensorCount, output < tensorCount, scratchOffset <= arenaByteCount, scratchOffset & 7 == 0
        else { throw .invalidHeader }
        if verifyingChecksum {
            let start = ModelImageFormat.headerSize
            let sum = Checksum.crc32(UnsafeRawBufferPointer(start: base + start, count: byteCount &- start))
            guard sum == base.word(Field.checksum) else { throw .damaged }
        }
        for index in 0..<tensorCount {
            let tensor = tensor(index)
            guard tensor.isPlausible, tensor.arenaOffset >= 0, tensor.arenaOffset <= scratchOffset,
                tensor.byteCount <= scratchOffset &- tensor.arenaOffset, tensor.zeroPoint >= -128,
                tensor.zeroPoint <= 127, !tensor.isWide || isWidthAllowed(tensor)
            else { throw .invalidTensor(index: index) }
        }
        for index in 0..<operationCount {
            guard let operation = operation(index), isValid(operation) else { throw .invalidOperation(index: index) }
        }
    }

    private func isWidthAllowed(_ tensor: ImageTensor) -> Bool {
        hasWideActivations && tensor.arenaOffset & 1 == 0 && tensor.zeroPoint == 0
    }

    private func isValid(_ operation: ImageOperation) -> Bool {
        guard operation.input < tensorCount, operation.secondInput < tensorCount, operation.output < tensorCount,
            operation.minimum <= operation.maximum
        else { return false }
        let (input, output) = (tensor(operation.input), tensor(operation.output))
        guard output.isWide || operation.minimum >= -128 && operation.maximum <= 127 else { return false }
        guard input.isWide == output.isWide || operation.kind == .requantize else { return false }
        if operation.kind.hasWindow, !windowFits(operation, input, output) { return false }
        switch operation.kind {
        case .convolution:
            let depth = operation.kernelHeight &* operation.kernelWidth
            guard depth <= ModelImageFormat.maximumElementCount / input.channels else { return false }
            return constantsFit(operation, filters: output.channels, depth: depth &* input.channels)
                && scratchSize(of: operation, input, output) <= arenaByteCount &- scratchOffset
        case .depthwiseConvolution:
            let taps = operation.kernelHeight &* operation.kernelWidth
            guard taps <= ModelImageFormat.maximumElementCount / input.channels else { return false }
            return input.channels == output.channels
                && constantsFit(operation, filters: 1, depth: taps &* input.channels, channels: output.channels)
        case .dense:
            return output.count == output.channels
                && constantsFit(operation, filters: output.channels, depth: input.count)
        case .add:
            let second = tensor(operation.secondInput)
            return input.hasShape(of: output) && second.hasShape(of: output) && second.isWide == output.isWide
                && shiftsFit(operation.words, isFixedPoint: profile != .xnnpack || output.isWide)
        case .maxPool, .averagePool:
            return input.channels == output.channels && staysInside(operation, input, output)
        case .reshape: return input.count == output.count
        case .softmax:
            return !output.isWide && input.hasShape(of: output) && output.count == output.channels
                && output.channels <= 1 << 15
                && operation.words.1 >= 0 && operation.words.1 <= 31
        case .requantize:
            return input.hasShape(of: output) && input.isWide != output.isWide && operation.words.0 >= 0
                && operation.words.1 >= -31 && operation.words.1 <= 30
        }
    }

    private func shiftsFit(_ words: (Int32, Int32, Int32, Int32, Int32, Int32), isFixedPoint: Bool) -> Bool {
        if !isFixedPoint { return words.3 >= 0 && words.3 <= 31 }
        let range: ClosedRange<Int32> = -31...30
        return range.contains(words.1) && range.contains(words.3) && range.contains(words.5)
    }

    /// Every window touches the input, so a clipped window is never empty.
    private func windowFits(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) -> Bool {
        guard operation.kernelHeight > 0, operation.kernelWidth > 0, operation.strideHeight > 0,
            operation.strideWidth > 0, operation.top < operation.kernelHeight, operation.left < operation.kernelWidth,
            operation.kernelHeight <= 4096, operation.kernelWidth <= 4096
        else { return false }
        return (output.height &- 1) <= (input.height &- 1 &+ operation.top) / operation.strideHeight
            && (output.width &- 1) <= (input.width &- 1 &+ operation.left) / operation.strideWidth
    }

    /// No window leaves the input.
    func staysInside(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) -> Bool {
        guard operation.top == 0, operation.left == 0, input.height >= operation.kernelHeight,
            input.width >= operation.kernelWidth
        else { return false }
        return (output.height &- 1) <= (input.height &- operation.kernelHeight) / operation.strideHeight
            && (output.width &- 1) <= (input.width &- operation.kernelWidth) / operation.strideWidth
    }

    /// Bytes of scratch that an operation takes: one gathered window, unless windows are contiguous already.
    func scratchSize(of operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) -> Int {
        guard operation.kind == .convolution, !input.isWide, !isContiguous(operation, input, output) else { return 0 }
        return operation.kernelHeight &* operation.kernelWidth &* input.channels
    }

    /// Whether the elements of each window stand side by side in the input.
    @inline(__always)
    func isContiguous(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) -> Bool {
        guard operation.kernelHeight == 1 || (operation.kernelWidth == input.width && operation.left == 0) else {
            return false
        }
        return staysInside(operation, input, output)
    }

    private func constantsFit(
        _ operation: ImageOperation, filters: Int, depth: Int, channels: Int? = nil
    ) -> Bool {
        let channels = channels ?? filters
        guard operation.weightBits == 8 || operation.weightBits == 4 else { return false }
        let row = operation.weightBits == 8 ? depth : (depth &+ 1) / 2
        guard holds(operation.weightsOffset, filters, row), operation.biasOffset & 3 == 0,
            operation.scalesOffset & 3 == 0, holds(operation.biasOffset, channels, 4),
            holds(operation.scalesOffset, channels, 8)
        else { return false }
        if tensor(operation.output).isWide {
            guard operation.weightBits == 8, holds(operation.biasOffset, channels, 8) else { return false }
            return operation.kind == .dense && profile != .tflm
                || scalesFit(operation, channels, shifts: 1...62, largest: 0x7fff)
        }
        return profile == .xnnpack || profile == .litertReference && operation.kind == .dense
            || scalesFit(operation, channels, shifts: -31...30, largest: .max)
    }

    private func scalesFit(
        _ operation: ImageOperation, _ channels: Int, shifts: ClosedRange<Int32>, largest: Int32
    ) -> Bool {
        for channel in 0..<channels {
            let scale = base + (operation.scalesOffset &+ 8 &* channel)
            guard (0...largest).contains(scale.signedWord(0)), shifts.contains(scale.signedWord(4)) else {
                return false
            }
        }
        return true
    }

    /// Whether `count` records of `size` bytes at `offset` lie behind the header and inside the image.
    private func holds(_ offset: Int, _ count: Int, _ size: Int) -> Bool {
        guard offset >= ModelImageFormat.headerSize, offset <= byteCount, size > 0 else { return false }
        return count <= (byteCount &- offset) / size
    }
}

/// CRC-32 of IEEE 802.3, bit by bit: no table, for devices that run it once.
public enum Checksum {
    /// The checksum of some bytes.
    public static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = (sum &>> 1) ^ (0xedb8_8320 & (0 &- (sum & 1))) }
        }
        return ~sum
    }
}
