extension Interpreter {
    /// Filter bank over windows: each window is gathered into the scratch, unless it is contiguous already.
    func convolve(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let source = UnsafePointer(arena + input.arenaOffset)
        let isContiguous = image.isContiguous(operation, input, output)
        let depth = operation.kernelHeight &* operation.kernelWidth &* input.channels
        let scratch = arena + image.scratchOffset
        var target = arena + output.arenaOffset
        for y in 0..<output.height {
            let row = y &* operation.strideHeight &- operation.top
            for x in 0..<output.width {
                let column = x &* operation.strideWidth &- operation.left
                var window = UnsafePointer(scratch)
                if isContiguous {
                    window = source + ((row &* input.width &+ column) &* input.channels)
                } else {
                    gather(operation, input, source, row: row, column: column, into: scratch)
                }
                applyFilters(
                    operation, window, depth: depth, into: target, channels: output.channels,
                    zeroPoint: output.zeroPoint)
                target += output.channels
            }
        }
    }

    /// Copies one window; what lies outside the input is its zero point.
    @inline(__always)
    private func gather(
        _ operation: ImageOperation, _ input: ImageTensor, _ source: UnsafePointer<Int8>, row: Int, column: Int,
        into window: UnsafeMutablePointer<Int8>
    ) {
        let segment = operation.kernelWidth &* input.channels
        let first = column < 0 ? 0 &- column : 0
        let room = input.width &- column
        let last = room < operation.kernelWidth ? room : operation.kernelWidth
        let zero = Int8(truncatingIfNeeded: input.zeroPoint)
        var target = window
        for y in 0..<operation.kernelHeight {
            let line = row &+ y
            if line < 0 || line >= input.height {
                target.update(repeating: zero, count: segment)
            } else {
                if first > 0 { target.update(repeating: zero, count: first &* input.channels) }
                let start = source + ((line &* input.width &+ column &+ first) &* input.channels)
                copy(start, to: target + (first &* input.channels), count: (last &- first) &* input.channels)
                if last < operation.kernelWidth {
                    (target + (last &* input.channels))
                        .update(repeating: zero, count: (operation.kernelWidth &- last) &* input.channels)
                }
            }
            target += segment
        }
    }
}
