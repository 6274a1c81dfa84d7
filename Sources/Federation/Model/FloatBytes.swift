/// Floats as little-endian bytes, four each.
enum FloatBytes {
    static func encode(_ values: [Float]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 4 * values.count) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            for (index, value) in values.enumerated() {
                raw.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            count = 4 * values.count
        }
    }

    static func decode(_ bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<(raw.count / 4)).map { index in
                Float(
                    bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
            }
        }
    }
}
