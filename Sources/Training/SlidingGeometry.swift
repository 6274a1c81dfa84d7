/// How a window slides over one sample `[height, width, channels]`, and the moves of memory that follow from it.
///
/// A 1-D layer is the case `height == 1`, `kernelHeight == 1`.
struct SlidingGeometry {
    let channels: Int
    let height: Int
    let width: Int
    let kernelHeight: Int
    let kernelWidth: Int
    let stride: Int
    let top: Int
    let left: Int
    let paddedHeight: Int
    let paddedWidth: Int
    let outputHeight: Int
    let outputWidth: Int

    /// - Parameter shape: of one sample, channels first: `[C, T]` or `[C, H, W]`, already checked against the window.
    init(shape: [Int], window: Window) {
        channels = shape[0]
        width = shape[shape.count - 1]
        kernelWidth = window.kernel
        let across = window.slide(over: width)
        left = across.paddingBefore
        paddedWidth = width + across.paddingBefore + across.paddingAfter
        outputWidth = across.outputLength
        stride = window.stride
        guard shape.count == 3 else {
            height = 1
            kernelHeight = 1
            top = 0
            paddedHeight = 1
            outputHeight = 1
            return
        }
        height = shape[1]
        kernelHeight = window.kernel
        let down = window.slide(over: height)
        top = down.paddingBefore
        paddedHeight = height + down.paddingBefore + down.paddingAfter
        outputHeight = down.outputLength
    }

    var isPadded: Bool { paddedHeight != height || paddedWidth != width }
    var inputCount: Int { height * width * channels }
    var paddedCount: Int { paddedHeight * paddedWidth * channels }
    var outputPositions: Int { outputHeight * outputWidth }
    /// Elements of one window.
    var depth: Int { kernelHeight * kernelWidth * channels }
    /// Elements that lie side by side in one window row.
    var segment: Int { kernelWidth * channels }
    /// Elements from one padded row to the next.
    var rowStride: Int { paddedWidth * channels }
    /// A 1×1 window that visits every position: the input is its own window matrix.
    var isPointwise: Bool { depth == channels && stride == 1 && !isPadded }

    /// Copies `samples` samples into the middle of padded ones; the border must be zero already.
    func pad(_ input: UnsafePointer<Float>, samples: Int, into padded: UnsafeMutablePointer<Float>) {
        let count = width * channels
        for sample in 0..<samples {
            for y in 0..<height {
                let target = padded + sample * paddedCount + (y + top) * rowStride + left * channels
                target.update(from: input + sample * inputCount + y * count, count: count)
            }
        }
    }

    /// The reverse of `pad`: takes the middle out.
    func crop(_ padded: UnsafePointer<Float>, samples: Int, into output: UnsafeMutablePointer<Float>) {
        let count = width * channels
        for sample in 0..<samples {
            for y in 0..<height {
                let source = padded + sample * paddedCount + (y + top) * rowStride + left * channels
                (output + sample * inputCount + y * count).update(from: source, count: count)
            }
        }
    }

    /// Lays out each window of one padded sample as a row: `[rows × columns, depth]`, for the first `rows` × `columns`
    /// output positions.
    func unfold(_ padded: UnsafePointer<Float>, rows: Int, columns: Int, into windows: UnsafeMutablePointer<Float>) {
        var target = windows
        for y in 0..<rows {
            for x in 0..<columns {
                var source = padded + y * stride * rowStride + x * stride * channels
                for _ in 0..<kernelHeight {
                    copy(source, to: target, count: segment)
                    source += rowStride
                    target += segment
                }
            }
        }
    }

    /// Adds each row of a window matrix back to the places it came from.
    func fold(_ windows: UnsafePointer<Float>, addingTo padded: UnsafeMutablePointer<Float>) {
        var source = windows
        for y in 0..<outputHeight {
            for x in 0..<outputWidth {
                var target = padded + y * stride * rowStride + x * stride * channels
                for _ in 0..<kernelHeight {
                    for i in 0..<segment { target[i] += source[i] }
                    target += rowStride
                    source += segment
                }
            }
        }
    }

    @inline(__always)
    private func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
        // A call to memcpy costs more than it moves for the short segments that are usual here.
        var i = 0
        while i &+ 8 <= count {
            let low = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Float>.self)
            UnsafeMutableRawPointer(target + i).storeBytes(of: low, as: SIMD8<Float>.self)
            i &+= 8
        }
        while i < count {
            target[i] = source[i]
            i &+= 1
        }
    }
}
