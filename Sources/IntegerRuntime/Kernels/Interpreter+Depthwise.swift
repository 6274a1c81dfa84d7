import CIntegerDot

extension Interpreter {
    /// One filter per channel; taps outside the input are skipped. Four channels at a time, what is left over and int4
    /// weights one by one.
    func convolveDepthwise(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        var target = arena + output.arenaOffset
        let quads = operation.weightBits == 8 ? output.channels & ~3 : 0
        for y in 0..<output.height {
            let row = y &* operation.strideHeight &- operation.top
            let rows = ImageOperation.clip(row, operation.kernelHeight, input.height)
            for x in 0..<output.width {
                let column = x &* operation.strideWidth &- operation.left
                let columns = ImageOperation.clip(column, operation.kernelWidth, input.width)
                let corner = (row &+ rows.first) &* input.width &+ column &+ columns.first
                let window = DepthwiseWindow(
                    source: UnsafePointer(arena + input.arenaOffset) + (corner &* input.channels),
                    firstTap: (rows.first &* operation.kernelWidth &+ columns.first) &* input.channels,
                    taps: taps(operation, input, rows: rows.end &- rows.first, columns: columns.end &- columns.first))
                if quads > 0 { sumQuads(operation, window, channels: quads, output.zeroPoint, into: target) }
                for channel in quads..<output.channels {
                    target[channel] = scaled(
                        operation, sum(operation, window, channel: channel), channel, output.zeroPoint)
                }
                target += output.channels
            }
        }
    }

    @inline(__always)
    private func taps(_ operation: ImageOperation, _ input: ImageTensor, rows: Int, columns: Int) -> CIntegerTaps {
        CIntegerTaps(
            rows: Int32(truncatingIfNeeded: rows), columns: Int32(truncatingIfNeeded: columns),
            step: Int32(truncatingIfNeeded: input.channels),
            inputSkip: Int32(truncatingIfNeeded: (input.width &- columns) &* input.channels),
            weightSkip: Int32(truncatingIfNeeded: (operation.kernelWidth &- columns) &* input.channels),
            zeroPoint: input.zeroPoint)
    }

    @inline(__always)
    private func sumQuads(
        _ operation: ImageOperation, _ window: DepthwiseWindow, channels: Int, _ zeroPoint: Int32,
        into target: UnsafeMutablePointer<Int8>
    ) {
        let filter = (image.base + (operation.weightsOffset &+ window.firstTap)).assumingMemoryBound(to: Int8.self)
        let bias = image.base + operation.biasOffset
        var taps = window.taps
        var channel = 0
        while channel < channels {
            let sums = c_integer_depthwise(window.source + channel, filter + channel, &taps)
            let place = bias + 4 &* channel
            target[channel] = scaled(operation, sums.first &+ place.signedWord(0), channel, zeroPoint)
            target[channel &+ 1] = scaled(operation, sums.second &+ place.signedWord(4), channel &+ 1, zeroPoint)
            target[channel &+ 2] = scaled(operation, sums.third &+ place.signedWord(8), channel &+ 2, zeroPoint)
            target[channel &+ 3] = scaled(operation, sums.fourth &+ place.signedWord(12), channel &+ 3, zeroPoint)
            channel &+= 4
        }
    }

    @inline(never)
    private func sum(_ operation: ImageOperation, _ window: DepthwiseWindow, channel: Int) -> Int32 {
        let taps = window.taps
        var sum = (image.base + operation.biasOffset).signedWord(4 &* channel)
        var value = window.source + channel
        var tap = window.firstTap &+ channel
        for _ in 0..<taps.rows {
            for _ in 0..<taps.columns {
                sum &+= (Int32(value[0]) &- taps.zeroPoint) &* weight(operation, tap)
                value += Int(taps.step)
                tap &+= Int(taps.step)
            }
            value += Int(taps.inputSkip)
            tap &+= Int(taps.weightSkip)
        }
        return sum
    }

    @inline(__always)
    private func weight(_ operation: ImageOperation, _ index: Int) -> Int32 {
        let weights = image.base + operation.weightsOffset
        guard operation.weightBits == 4 else { return Int32(Int8(bitPattern: weights.byte(index))) }
        let byte = Int32(Int8(bitPattern: weights.byte(index &>> 1)))
        return index & 1 == 0 ? (byte &<< 28) &>> 28 : byte &>> 4
    }
}

/// The part of a depthwise window that lies inside the input.
struct DepthwiseWindow {
    /// Its first element of channel 0.
    let source: UnsafePointer<Int8>
    /// Index of the weight of channel 0 at its first tap.
    let firstTap: Int
    let taps: CIntegerTaps
}
