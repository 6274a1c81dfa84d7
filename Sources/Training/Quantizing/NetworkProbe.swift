/// Puts operations of its own between the layers of a network that is being compiled.
protocol NetworkProbe: AnyObject {
    /// An operation on the samples themselves.
    func input(shape: [Int]) -> (any Operation)?
    /// An operation between a layer with weights and the batch norm behind it; not asked for where there is none.
    func beforeNorm(of layer: ResolvedLayer) -> (any Operation)?
    /// An operation on the output of a layer, together with the batch norm and clamp (and pool, where the compiler fuses
    /// it) that follow.
    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)?
}

extension NetworkProbe {
    func input(shape: [Int]) -> (any Operation)? { nil }
    func beforeNorm(of layer: ResolvedLayer) -> (any Operation)? { nil }
    func output(of layer: ResolvedLayer, count: Int) -> (any Operation)? { nil }
}
