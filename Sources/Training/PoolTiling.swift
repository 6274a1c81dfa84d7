/// Non-overlapping pools over the positions `[rows, columns]` of a convolution output; what does not fill a pool is left
/// out.
struct PoolTiling {
    let poolHeight: Int
    let poolWidth: Int
    let poolRows: Int
    let poolColumns: Int

    init(outputHeight: Int, outputWidth: Int, poolHeight: Int, poolWidth: Int) {
        self.poolHeight = poolHeight
        self.poolWidth = poolWidth
        poolRows = outputHeight / poolHeight
        poolColumns = outputWidth / poolWidth
    }

    /// Rows and columns of positions that some pool sees.
    var rows: Int { poolRows * poolHeight }
    var columns: Int { poolColumns * poolWidth }
    /// Pools of one sample.
    var count: Int { poolRows * poolColumns }
    /// Positions of one pool.
    var slots: Int { poolHeight * poolWidth }

    /// Largest of each pool and channel of one sample `[rows, columns, channels]`, and the slot that held it, the first
    /// one of equals.
    func reduce(
        _ values: UnsafePointer<Float>, channels: Int, into largest: UnsafeMutablePointer<Float>,
        winners: UnsafeMutablePointer<Int32>
    ) {
        var (best, winner) = (largest, winners)
        for row in 0..<poolRows {
            var corner = values + row &* poolHeight &* columns &* channels
            for _ in 0..<poolColumns {
                var channel = 0
                while channel &+ 4 <= channels {
                    reduceFour(corner + channel, channels, best + channel, winner + channel)
                    channel &+= 4
                }
                while channel < channels {
                    reduceOne(corner + channel, channels, best + channel, winner + channel)
                    channel &+= 1
                }
                corner += poolWidth &* channels
                best += channels
                winner += channels
            }
        }
    }

    @inline(__always)
    private func reduceFour(
        _ corner: UnsafePointer<Float>, _ channels: Int, _ best: UnsafeMutablePointer<Float>,
        _ winner: UnsafeMutablePointer<Int32>
    ) {
        var pool = FourPools(first: corner)
        switch (poolHeight, poolWidth) {
        case (1, 2): pool.look(at: corner + channels, slot: 1)
        case (2, 2):
            pool.look(at: corner + channels, slot: 1)
            pool.look(at: corner + columns &* channels, slot: 2)
            pool.look(at: corner + (columns &+ 1) &* channels, slot: 3)
        default:
            for slot in 1..<max(slots, 1) {
                let (y, x) = slot.quotientAndRemainder(dividingBy: poolWidth)
                pool.look(at: corner + (y &* columns &+ x) &* channels, slot: Int32(truncatingIfNeeded: slot))
            }
        }
        UnsafeMutableRawPointer(best).storeBytes(of: pool.largest, as: SIMD4<Float>.self)
        UnsafeMutableRawPointer(winner).storeBytes(of: pool.slots, as: SIMD4<Int32>.self)
    }

    private func reduceOne(
        _ corner: UnsafePointer<Float>, _ channels: Int, _ best: UnsafeMutablePointer<Float>,
        _ winner: UnsafeMutablePointer<Int32>
    ) {
        best.pointee = corner.pointee
        winner.pointee = 0
        for slot in 0..<slots {
            let (y, x) = slot.quotientAndRemainder(dividingBy: poolWidth)
            let value = corner[(y * columns + x) * channels]
            if !(value <= best.pointee) {
                best.pointee = value
                winner.pointee = Int32(slot)
            }
        }
    }
}

/// Running maximum of four channels, and where it was seen.
private struct FourPools {
    var largest: SIMD4<Float>
    var slots = SIMD4<Int32>.zero

    @inline(__always)
    init(first: UnsafePointer<Float>) {
        largest = UnsafeRawPointer(first).loadUnaligned(as: SIMD4<Float>.self)
    }

    @inline(__always)
    mutating func look(at pointer: UnsafePointer<Float>, slot: Int32) {
        let value = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
        // Written so that NaN wins and is noticed later.
        let isLarger = .!(value .<= largest)
        largest.replace(with: value, where: isLarger)
        slots.replace(with: SIMD4(repeating: slot), where: isLarger)
    }
}
