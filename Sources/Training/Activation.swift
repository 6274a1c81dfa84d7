/// An elementwise clamp that ends an operation.
enum Activation {
    case identity
    case relu
    case relu6

    /// Clamps in place. NaN stays NaN.
    @inline(__always)
    func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
        guard self != .identity else { return }
        let (zero, six) = (SIMD8<Float>.zero, SIMD8<Float>(repeating: 6))
        Vectors.update(values, count: count) { index, value in
            let positive = value.replacing(with: zero, where: value .< zero)
            return self == .relu ? positive : positive.replacing(with: six, where: positive .> six)
        }
    }

    /// Sets the gradient to 0 where the clamp took hold.
    @inline(__always)
    func mask(_ gradient: UnsafeMutablePointer<Float>, _ output: UnsafePointer<Float>, count: Int) {
        guard self != .identity else { return }
        let (zero, six) = (SIMD8<Float>.zero, SIMD8<Float>(repeating: 6))
        Vectors.update(gradient, count: count) { index, value in
            let result = Vectors.load(output + index)
            let open = value.replacing(with: zero, where: result .<= zero)
            return self == .relu ? open : open.replacing(with: zero, where: result .>= six)
        }
    }
}
