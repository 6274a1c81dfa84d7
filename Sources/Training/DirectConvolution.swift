/// Convolution without a window matrix, for windows of few elements, where building and packing the matrix costs more than
/// multiplying it.
///
/// Four neighbouring positions times eight channels stay in registers while the taps go by.
struct DirectConvolution: ~Copyable {
    /// Windows up to this many elements are worth it (measured against OpenBLAS).
    static let maximumDepth = 40
    /// Channels that are computed together; the number of filters is a multiple of it.
    static let channelBlock = 8

    private let geometry: SlidingGeometry
    private let out: Int
    /// Distance of each tap from the window's first element.
    private let offsets: IndexBuffer

    /// Whether a convolution is of the kind that this kernel serves.
    static func serves(_ geometry: SlidingGeometry, out: Int) -> Bool {
        geometry.depth <= maximumDepth && out % channelBlock == 0
    }

    init(geometry: SlidingGeometry, out: Int) {
        self.geometry = geometry
        self.out = out
        offsets = IndexBuffer(count: geometry.depth)
        var tap = 0
        for y in 0..<geometry.kernelHeight {
            for i in 0..<geometry.segment {
                offsets.pointer[tap] = Int32(y * geometry.rowStride + i)
                tap += 1
            }
        }
    }

    /// The first `rows` × `columns` positions of one padded sample, `[rows, columns, out]`; `filters` is `[depth, out]`.
    func convolve(
        _ sample: UnsafePointer<Float>, filters: UnsafePointer<Float>, rows: Int, columns: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let step = geometry.stride * geometry.channels
        for y in 0..<rows {
            let source = sample + y * geometry.stride * geometry.rowStride
            let target = output + y * columns * out
            var x = 0
            while x < columns {
                // The last four may overlap the four before, which computes some positions twice.
                if x &+ 4 > columns, columns >= 4 { x = columns &- 4 }
                let count = min(4, columns &- x)
                for channel in stride(from: 0, to: out, by: Self.channelBlock) {
                    let place = target + (x &* out &+ channel)
                    if count == 4 {
                        four(source + x &* step, step, filters + channel, place)
                    } else {
                        for i in 0..<count { one(source + (x &+ i) &* step, filters + channel, place + i &* out) }
                    }
                }
                x &+= 4
            }
        }
    }

    @inline(__always)
    private func four(
        _ source: UnsafePointer<Float>, _ step: Int, _ filters: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>
    ) {
        var (a, b, c, d) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
        let (second, third, fourth) = (source + step, source + 2 &* step, source + 3 &* step)
        var filter = filters
        for tap in 0..<geometry.depth {
            let offset = Int(offsets.pointer[tap])
            let weights = UnsafeRawPointer(filter).loadUnaligned(as: SIMD8<Float>.self)
            a += weights * source[offset]
            b += weights * second[offset]
            c += weights * third[offset]
            d += weights * fourth[offset]
            filter += out
        }
        store(a, target)
        store(b, target + out)
        store(c, target + 2 &* out)
        store(d, target + 3 &* out)
    }

    @inline(__always)
    private func one(
        _ source: UnsafePointer<Float>, _ filters: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) {
        var sum = SIMD8<Float>.zero
        for tap in 0..<geometry.depth {
            let weights = UnsafeRawPointer(filters + tap &* out).loadUnaligned(as: SIMD8<Float>.self)
            sum += weights * source[Int(offsets.pointer[tap])]
        }
        store(sum, target)
    }

    @inline(__always)
    private func store(_ value: SIMD8<Float>, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: value, as: SIMD8<Float>.self)
    }
}
