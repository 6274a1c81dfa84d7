/// Signs of floats, packed eight to a byte, the first in the lowest bit; 1 is negative.
struct SignBits {
    private init() {}

    /// Appends the signs of all values.
    static func append(_ values: UnsafeBufferPointer<Float>, to bytes: inout [UInt8]) {
        let whole = values.count & ~7
        for start in stride(from: 0, to: whole, by: 8) {
            let block = SIMD8<UInt32>(
                values[start].bitPattern, values[start + 1].bitPattern, values[start + 2].bitPattern,
                values[start + 3].bitPattern, values[start + 4].bitPattern, values[start + 5].bitPattern,
                values[start + 6].bitPattern, values[start + 7].bitPattern)
            let signs = (block &>> 31) &<< SIMD8<UInt32>(0, 1, 2, 3, 4, 5, 6, 7)
            bytes.append(UInt8(truncatingIfNeeded: signs.wrappedSum()))
        }
        if whole < values.count {
            var last: UInt8 = 0
            for index in whole..<values.count where values[index].sign == .minus { last |= 1 << UInt8(index & 7) }
            bytes.append(last)
        }
    }

    /// Writes ±`scale` for the signs of `range`; `signs` hold those of the whole vector.
    static func read(_ signs: ArraySlice<UInt8>, range: Range<Int>, scale: Float, into output: inout [Float]) {
        signs.withUnsafeBufferPointer { signs in
            output.withUnsafeMutableBufferPointer { values in
                for index in range {
                    let sign = UInt32(signs[index >> 3] >> UInt8(index & 7) & 1) << 31
                    values[index] = Float(bitPattern: scale.bitPattern | sign)
                }
            }
        }
    }
}
