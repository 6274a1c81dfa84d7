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
        for pool in 0..<count {
            let corner = values + cornerPosition(of: pool) * channels
            let best = largest + pool * channels
            let winner = winners + pool * channels
            var channel = 0
            while channel &+ 4 <= channels {
                reduce(SIMD4<Float>.self, corner + channel, channels, best + channel, winner + channel)
                channel &+= 4
            }
            while channel < channels {
                reduceOne(corner + channel, channels, best + channel, winner + channel)
                channel &+= 1
            }
        }
    }

    @inline(__always)
    private func cornerPosition(of pool: Int) -> Int {
        let (row, column) = pool.quotientAndRemainder(dividingBy: poolColumns)
        return row * poolHeight * columns + column * poolWidth
    }

    @inline(__always)
    private func reduce(
        _ type: SIMD4<Float>.Type, _ corner: UnsafePointer<Float>, _ channels: Int,
        _ best: UnsafeMutablePointer<Float>, _ winner: UnsafeMutablePointer<Int32>
    ) {
        var largest = UnsafeRawPointer(corner).loadUnaligned(as: type)
        var slots = SIMD4<Int32>.zero
        var slot: Int32 = 0
        for y in 0..<poolHeight {
            for x in 0..<poolWidth {
                let value = UnsafeRawPointer(corner + (y &* columns &+ x) &* channels).loadUnaligned(as: type)
                // Written so that NaN wins and is noticed later.
                let isLarger = .!(value .<= largest)
                largest.replace(with: value, where: isLarger)
                slots.replace(with: SIMD4(repeating: slot), where: isLarger)
                slot &+= 1
            }
        }
        UnsafeMutableRawPointer(best).storeBytes(of: largest, as: type)
        UnsafeMutableRawPointer(winner).storeBytes(of: slots, as: SIMD4<Int32>.self)
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
