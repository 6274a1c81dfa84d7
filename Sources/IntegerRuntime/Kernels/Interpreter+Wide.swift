import CIntegerDot

extension Interpreter {
    /// The elements of an activation of 16 bits, channels innermost.
    public func wideActivation(_ index: Int) -> UnsafeMutableBufferPointer<Int16> {
        let tensor = image.tensor(index)
        return UnsafeMutableBufferPointer(start: wide(tensor), count: tensor.count)
    }

    /// Runs an operation that reads or writes activations of 16 bits.
    func executeWide(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        switch operation.kind {
        case .convolution: convolveWide(operation, input, output)
        case .depthwiseConvolution: convolveDepthwiseWide(operation, input, output)
        case .dense: multiplyWide(operation, input, output)
        case .add: addWide(operation, input, output)
        case .maxPool: poolWide(operation, input, output, averaging: false)
        case .averagePool: poolWide(operation, input, output, averaging: true)
        case .reshape:
            copy(arena + input.arenaOffset, to: arena + output.arenaOffset, count: output.byteCount)
        case .requantize: requantize(operation, input, output)
        case .softmax: break  // Has 8 bits, as the image was checked for.
        }
    }

    @inline(__always)
    private func wide(_ tensor: ImageTensor) -> UnsafeMutablePointer<Int16> {
        UnsafeMutableRawPointer(arena + tensor.arenaOffset).assumingMemoryBound(to: Int16.self)
    }

    /// Filter bank over windows; taps outside the input are skipped.
    private func convolveWide(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        var target = wide(output)
        for y in 0..<output.height {
            for x in 0..<output.width {
                let window = WideWindow(operation, input, wide(input), x: x, y: y)
                for channel in 0..<output.channels {
                    target[channel] = scaledWide(operation, sum(operation, window, channel), channel)
                }
                target += output.channels
            }
        }
    }

    @inline(__always)
    private func sum(_ operation: ImageOperation, _ window: WideWindow, _ channel: Int) -> Int64 {
        let weights = (image.base + operation.weightsOffset).assumingMemoryBound(to: Int8.self)
        var filter = weights + (channel &* window.filterCount &+ window.firstWeight)
        var source = window.source
        var sum: Int64 = 0
        for _ in 0..<window.rows {
            sum &+= c_integer_dot_wide(source, filter, window.segment)
            source += window.inputRow
            filter += window.filterRow
        }
        return sum
    }

    private func multiplyWide(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let (source, target) = (wide(input), wide(output))
        let depth = input.count
        var filter = (image.base + operation.weightsOffset).assumingMemoryBound(to: Int8.self)
        for channel in 0..<output.channels {
            let sum = c_integer_dot_wide(source, filter, Int32(truncatingIfNeeded: depth))
            target[channel] = scaledDense(operation, sum, channel)
            filter += depth
        }
    }

    /// One filter per channel; taps outside the input are skipped.
    private func convolveDepthwiseWide(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let weights = (image.base + operation.weightsOffset).assumingMemoryBound(to: Int8.self)
        let step = input.channels
        var target = wide(output)
        for y in 0..<output.height {
            for x in 0..<output.width {
                let window = WideWindow(operation, input, wide(input), x: x, y: y)
                let columns = Int(window.segment) / step
                for channel in 0..<output.channels {
                    var sum: Int64 = 0
                    for row in 0..<window.rows {
                        let values = window.source + (row &* window.inputRow &+ channel)
                        let filter = weights + (window.firstWeight &+ row &* window.filterRow &+ channel)
                        for column in 0..<columns {
                            sum &+= Int64(Int32(values[column &* step]) &* Int32(filter[column &* step]))
                        }
                    }
                    target[channel] = scaledWide(operation, sum, channel)
                }
                target += output.channels
            }
        }
    }

    /// The output for a sum: bias, a multiplier of 15 bits, one rounding, clamp (TensorFlow Lite,
    /// `MultiplyByQuantizedMultiplier` for 64 bits).
    @inline(__always)
    private func scaledWide(_ operation: ImageOperation, _ sum: Int64, _ channel: Int) -> Int16 {
        let bias = (image.base + (operation.biasOffset &+ 8 &* channel)).integer(at: 0, as: Int64.self)
        let scale = image.base + (operation.scalesOffset &+ 8 &* channel)
        let product = (sum &+ bias) &* Int64(scale.signedWord(0))
        let value = c_integer_rounding_shift(product, scale.signedWord(4))
        let (minimum, maximum) = (Int64(operation.minimum), Int64(operation.maximum))
        return Int16(truncatingIfNeeded: value < minimum ? minimum : value > maximum ? maximum : value)
    }

    /// As `scaledWide`; in LiteRT the factor of a dense layer is a Float64, and halves go away from zero.
    @inline(__always)
    private func scaledDense(_ operation: ImageOperation, _ sum: Int64, _ channel: Int) -> Int16 {
        guard Rules.profile != .tflm else { return scaledWide(operation, sum, channel) }
        let bias = (image.base + (operation.biasOffset &+ 8 &* channel)).integer(at: 0, as: Int64.self)
        let factor = (image.base + (operation.scalesOffset &+ 8 &* channel)).integer(at: 0, as: UInt64.self)
        let value = (Double(sum &+ bias) * Double(bitPattern: factor)).rounded(.toNearestOrAwayFromZero)
        return clampedWide(LiteRTReferenceRules.bounded(value), operation)
    }

    private func addWide(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let parameters = AddParameters(words: operation.words, zeroPoints: (0, 0, 0))
        let (left, right, target) = (wide(input), wide(image.tensor(operation.secondInput)), wide(output))
        for index in 0..<output.count {
            let sum = parameters.fixedPoint(Int32(left[index]), Int32(right[index]), fractionBits: 15)
            target[index] = clampedWide(sum, operation)
        }
    }

    /// Largest or mean of each window; windows lie inside the input.
    private func poolWide(
        _ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor, averaging: Bool
    ) {
        var target = wide(output)
        let taps = Int32(truncatingIfNeeded: operation.kernelHeight &* operation.kernelWidth)
        for y in 0..<output.height {
            for x in 0..<output.width {
                let window = WideWindow(operation, input, wide(input), x: x, y: y)
                for channel in 0..<output.channels {
                    var (sum, largest): (Int32, Int32) = (0, -32768)
                    for row in 0..<window.rows {
                        let values = window.source + (row &* window.inputRow &+ channel)
                        for column in 0..<operation.kernelWidth {
                            let element = Int32(values[column &* input.channels])
                            sum &+= element
                            largest = element > largest ? element : largest
                        }
                    }
                    if averaging { largest = (sum > 0 ? sum &+ taps / 2 : sum &- taps / 2) / taps }
                    target[channel] = clampedWide(largest, operation)
                }
                target += output.channels
            }
        }
    }

    /// From 8 to 16 bits or back.
    private func requantize(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let (multiplier, shift) = (operation.words.0, operation.words.1)
        if input.isWide {
            let (source, target) = (wide(input), arena + output.arenaOffset)
            for index in 0..<output.count {
                let value = FixedPoint.multiply(Int32(source[index]), multiplier, shift: shift) &+ output.zeroPoint
                target[index] = clamped(value, operation)
            }
        } else {
            let (source, target) = (arena + input.arenaOffset, wide(output))
            for index in 0..<output.count {
                let value = Int32(source[index]) &- input.zeroPoint
                target[index] = clampedWide(FixedPoint.multiply(value, multiplier, shift: shift), operation)
            }
        }
    }

    @inline(__always)
    private func clampedWide(_ value: Int32, _ operation: ImageOperation) -> Int16 {
        let raised = value < operation.minimum ? operation.minimum : value
        return Int16(truncatingIfNeeded: raised > operation.maximum ? operation.maximum : raised)
    }
}

/// The part of a window over elements of 16 bits that lies inside the input.
private struct WideWindow {
    /// Its first element of channel 0.
    let source: UnsafePointer<Int16>
    let rows: Int
    /// Elements of one of its rows.
    let segment: Int32
    /// Elements from one row of the input to the next.
    let inputRow: Int
    /// Weights from one row of a filter to the next.
    let filterRow: Int
    /// Weights of a filter that is as deep as the input.
    let filterCount: Int
    /// Index of the weight at its first element.
    let firstWeight: Int

    @inline(__always)
    init(_ operation: ImageOperation, _ input: ImageTensor, _ elements: UnsafePointer<Int16>, x: Int, y: Int) {
        let (row, column) = (
            y &* operation.strideHeight &- operation.top, x &* operation.strideWidth &- operation.left
        )
        let (firstRow, endRow) = ImageOperation.clip(row, operation.kernelHeight, input.height)
        let (firstColumn, endColumn) = ImageOperation.clip(column, operation.kernelWidth, input.width)
        inputRow = input.width &* input.channels
        filterRow = operation.kernelWidth &* input.channels
        filterCount = operation.kernelHeight &* filterRow
        rows = endRow &- firstRow
        segment = Int32(truncatingIfNeeded: (endColumn &- firstColumn) &* input.channels)
        firstWeight = firstRow &* filterRow &+ firstColumn &* input.channels
        source = elements + ((row &+ firstRow) &* inputRow &+ (column &+ firstColumn) &* input.channels)
    }
}
