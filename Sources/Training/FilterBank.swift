/// The two orders of a filter bank `[out, channels, kernelHeight, kernelWidth]` that kernels over channels-last memory
/// want, and the way back for gradients.
struct FilterBank {
    let out: Int
    let geometry: SlidingGeometry

    private var taps: Int { geometry.kernelHeight * geometry.kernelWidth }

    /// To `[kernelHeight × kernelWidth × channels, out]`, for window matrices.
    func columns(of weight: UnsafePointer<Float>, into columns: UnsafeMutablePointer<Float>) {
        let channels = geometry.channels
        for o in 0..<out {
            for c in 0..<channels {
                let source = weight + (o * channels + c) * taps
                for tap in 0..<taps { columns[(tap * channels + c) * out + o] = source[tap] }
            }
        }
    }

    /// From `[kernelHeight × kernelWidth × channels, out]` back.
    func weight(fromColumns columns: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>) {
        let channels = geometry.channels
        for o in 0..<out {
            for c in 0..<channels {
                let target = weight + (o * channels + c) * taps
                for tap in 0..<taps { target[tap] = columns[(tap * channels + c) * out + o] }
            }
        }
    }

    /// Elements of one window row, rounded up to whole vectors.
    var paddedSegment: Int { (geometry.segment + 3) & ~3 }
    /// Elements of one filter in `rows`.
    var rowCount: Int { geometry.kernelHeight * paddedSegment }

    /// To `[out, kernelHeight, paddedSegment]`; the padding of `rows` must be zero already.
    func rows(of weight: UnsafePointer<Float>, into rows: UnsafeMutablePointer<Float>) {
        eachRowElement { rows[$1] = weight[$0] }
    }

    /// From `[out, kernelHeight, paddedSegment]` back.
    func weight(fromRows rows: UnsafePointer<Float>, into weight: UnsafeMutablePointer<Float>) {
        eachRowElement { weight[$0] = rows[$1] }
    }

    @inline(__always)
    private func eachRowElement(_ body: (_ weight: Int, _ row: Int) -> Void) {
        let (channels, kernelHeight, kernelWidth) = (geometry.channels, geometry.kernelHeight, geometry.kernelWidth)
        for o in 0..<out {
            for c in 0..<channels {
                for y in 0..<kernelHeight {
                    let source = ((o * channels + c) * kernelHeight + y) * kernelWidth
                    let target = o * rowCount + y * paddedSegment + c
                    for x in 0..<kernelWidth { body(source + x, target + x * channels) }
                }
            }
        }
    }
}
