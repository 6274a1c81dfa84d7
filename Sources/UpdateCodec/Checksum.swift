import Tensors

/// The checksum of headers.
enum Checksum {
    /// CRC-8 with the polynomial x^8 + x^2 + x + 1 (ITU-T I.432.1): finds every flip of one bit, and every burst of
    /// up to eight.
    static func crc8(_ bytes: some Sequence<UInt8>, start: UInt8) -> UInt8 {
        var sum = start
        for byte in bytes {
            sum ^= byte
            for _ in 0..<8 { sum = sum & 0x80 == 0 ? sum << 1 : sum << 1 ^ 0x07 }
        }
        return sum
    }

    /// Eight bits of the sizes and kinds of a layout's tensors; names do not matter.
    static func fingerprint(of layout: ParameterLayout) -> UInt8 {
        var seed = Seed(UInt64(layout.entries.count))
        for entry in layout.entries {
            seed = seed.derived("tensor", entry.kind == .weight ? 1 : 0)
            for size in entry.shape { seed = seed.derived("size", size) }
        }
        return UInt8(truncatingIfNeeded: seed.value)
    }
}
