/// Puts operations of its own between the layers of a network that is being compiled.
protocol NetworkProbe: AnyObject {
    /// An operation on the samples themselves.
    func input(shape: [Int]) -> (any Operation)?
    /// Whether `beforeClamp` has an operation for a layer with weights, which keeps layer and clamp from being fused.
    func splitsClamp(of layer: ResolvedLayer) -> Bool
    /// An operation behind a layer with weights and before its batch norm and its clamp.
    func beforeClamp(of layer: ResolvedLayer) -> (any Operation)?
    /// An operation on the output of a layer, together with the batch norm and clamp (and pool, where the compiler fuses
    /// it) that follow.
    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)?
}

extension NetworkProbe {
    func input(shape: [Int]) -> (any Operation)? { nil }
    func splitsClamp(of layer: ResolvedLayer) -> Bool { false }
    func beforeClamp(of layer: ResolvedLayer) -> (any Operation)? { nil }
    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)? { nil }
}
