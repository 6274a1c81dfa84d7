extension UnsafeRawPointer {
    @inline(__always)
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }

    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { loadUnaligned(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func short(_ offset: Int) -> Int { Int(integer(at: offset, as: UInt16.self)) }

    @inline(__always)
    func signedShort(_ offset: Int) -> Int32 { Int32(integer(at: offset, as: Int16.self)) }

    @inline(__always)
    func word(_ offset: Int) -> UInt32 { integer(at: offset, as: UInt32.self) }

    @inline(__always)
    func signedWord(_ offset: Int) -> Int32 { integer(at: offset, as: Int32.self) }
}
