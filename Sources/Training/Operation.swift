/// What one pass over a batch shares with every operation.
struct Pass {
    /// All parameters of the model. Written only by running statistics, and only when `isTraining`.
    let parameters: UnsafeMutablePointer<Float>
    /// Gradient of the mean loss, one element per parameter. Each operation overwrites its own tensors.
    let gradients: UnsafeMutablePointer<Float>
    /// Samples in the batch, 1 to the capacity the operations were made for.
    let batch: Int
    /// Whether batch norm measures the batch instead of using its running statistics.
    let isTraining: Bool
}

/// A compiled step of a network: one layer, or several fused into one.
///
/// Tensors between operations are `[batch, positions, channels]`, channels innermost, and are followed by
/// `FloatBuffer.slack` elements that whole-vector loads and stores may touch. A backward pass follows the forward pass
/// of the same batch.
protocol Operation: AnyObject {
    /// Elements of one sample behind the operation.
    var outputCount: Int { get }

    /// Computes `output` from `input`.
    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>)

    /// Computes the gradient of the operation's own tensors, and of its input unless `inputGradient` is nil.
    ///
    /// `outputGradient` may be destroyed; `inputGradient` is overwritten.
    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?)
}

/// An elementwise clamp that ends an operation.
enum Activation {
    case identity
    case relu
    case relu6

    var upper: Float { self == .relu6 ? 6 : .infinity }

    /// Clamps in place.
    @inline(__always)
    func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .identity: break
        case .relu: for i in 0..<count { values[i] = values[i] < 0 ? 0 : values[i] }
        case .relu6:
            for i in 0..<count {
                let positive = values[i] < 0 ? 0 : values[i]
                values[i] = positive > 6 ? 6 : positive
            }
        }
    }

    /// Sets the gradient to 0 where the clamp took hold.
    @inline(__always)
    func mask(_ gradient: UnsafeMutablePointer<Float>, _ output: UnsafePointer<Float>, count: Int) {
        switch self {
        case .identity: break
        case .relu: for i in 0..<count { gradient[i] = output[i] > 0 ? gradient[i] : 0 }
        case .relu6:
            for i in 0..<count {
                let open = output[i] > 0 ? gradient[i] : 0
                gradient[i] = output[i] < 6 ? open : 0
            }
        }
    }
}
