import CIntegerDot

extension Interpreter {
    /// Sums, scales and clamps all filters of a convolution or a dense layer over one window.
    ///
    /// - Parameters:
    ///   - window: `depth` elements.
    ///   - output: `channels` elements.
    @inline(never)
    func applyFilters(
        _ operation: ImageOperation, _ window: UnsafePointer<Int8>, depth: Int,
        into output: UnsafeMutablePointer<Int8>, channels: Int, zeroPoint: Int32
    ) {
        let weights = (image.base + operation.weightsOffset).assumingMemoryBound(to: Int8.self)
        let bias = image.base + operation.biasOffset
        let count = Int32(truncatingIfNeeded: depth)
        if operation.weightBits == 4 {
            let row = (depth &+ 1) / 2
            for channel in 0..<channels {
                let sum = c_integer_dot_int4(window, weights + channel &* row, count, bias.signedWord(4 &* channel))
                output[channel] = scaled(operation, sum, channel, zeroPoint)
            }
            return
        }
        var channel = 0
        var filter = weights
        while channel &+ 1 < channels {
            let sums = c_integer_dot_pair(window, filter, filter + depth, count)
            let first = Int32(truncatingIfNeeded: sums) &+ bias.signedWord(4 &* channel)
            let second = Int32(truncatingIfNeeded: sums &>> 32) &+ bias.signedWord(4 &* channel &+ 4)
            output[channel] = scaled(operation, first, channel, zeroPoint)
            output[channel &+ 1] = scaled(operation, second, channel &+ 1, zeroPoint)
            channel &+= 2
            filter += 2 &* depth
        }
        if channel < channels {
            let sum = c_integer_dot(window, filter, count, bias.signedWord(4 &* channel))
            output[channel] = scaled(operation, sum, channel, zeroPoint)
        }
    }

    /// The output for a sum: scaled by the profile's rule, moved to the zero point, clamped.
    @inline(__always)
    func scaled(_ operation: ImageOperation, _ sum: Int32, _ channel: Int, _ zeroPoint: Int32) -> Int8 {
        let record = image.base + (operation.scalesOffset &+ 8 &* channel)
        let scale = ChannelScale(first: record.signedWord(0), second: record.signedWord(4))
        let value = operation.kind == .dense ? Rules.dense(sum, scale) : Rules.convolution(sum, scale)
        return clamped(value &+ zeroPoint, operation)
    }

    @inline(__always)
    func clamped(_ value: Int32, _ operation: ImageOperation) -> Int8 {
        let raised = value < operation.minimum ? operation.minimum : value
        return Int8(truncatingIfNeeded: raised > operation.maximum ? operation.maximum : raised)
    }
}
