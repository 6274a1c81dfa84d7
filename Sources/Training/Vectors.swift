/// Eight floats at a time. Tensors are followed by slack, so a load may pass the end; a store never does.
enum Vectors {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
    }

    /// Stores the first `count` lanes, 1 to 8.
    @inline(__always)
    static func store(_ value: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>, count: Int = 8) {
        if count >= 8 {
            UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD8<Float>.self)
        } else {
            for i in 0..<count { pointer[i] = value[i] }
        }
    }

    /// Replaces each element by a function of it and its index, eight at a time.
    @inline(__always)
    static func update(
        _ values: UnsafeMutablePointer<Float>, count: Int,
        _ body: (_ index: Int, _ value: SIMD8<Float>) -> SIMD8<Float>
    ) {
        var i = 0
        while i < count {
            store(body(i, load(values + i)), values + i, count: count &- i)
            i &+= 8
        }
    }
}
