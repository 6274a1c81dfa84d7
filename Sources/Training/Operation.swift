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
