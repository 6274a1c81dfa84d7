extension UnsafeBufferPointer where Element == Float {
    /// The largest magnitude of finite values, 0 of none.
    var maximumMagnitude: Float {
        // Magnitudes order like their bit patterns, which the compiler turns into vector code.
        Float(bitPattern: reduce(into: UInt32(0)) { $0 = Swift.max($0, $1.bitPattern & 0x7fff_ffff) })
    }

    /// The sum of all magnitudes, in four interleaved sums.
    var magnitudeSum: Double {
        var sums = SIMD4<Double>.zero
        let whole = count & ~3
        for start in stride(from: 0, to: whole, by: 4) {
            let block = SIMD4(self[start], self[start + 1], self[start + 2], self[start + 3])
            sums += SIMD4<Double>(block.replacing(with: -block, where: block .< 0))
        }
        return (whole..<count).reduce(sums.sum()) { $0 + Double(abs(self[$1])) }
    }
}
