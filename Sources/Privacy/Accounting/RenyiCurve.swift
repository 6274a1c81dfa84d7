import Foundation

/// Rényi divergences at a list of orders, which add up under composition.
public struct RenyiCurve: Hashable, Sendable {
    /// Orders α ≥ 1.
    public let orders: [Double]
    /// Divergence at each order, ≥ 0; infinite where nothing is known.
    public private(set) var divergences: [Double]

    /// 1.1 to 10.9 by tenths, 11 to 63, 128, 256, 512 and 1024: the default orders of Google's `dp-accounting`.
    public static let standardOrders: [Double] = {
        let fractional: [Double] = (1..<100).map { 1 + Double($0) / 10 }
        let integral: [Double] = (11..<64).map { Double($0) }
        return fractional + integral + [128, 256, 512, 1024]
    }()

    /// 2 to 128 and 256, for mechanisms whose bounds hold at integers.
    public static let integerOrders: [Double] = (2...128).map { Double($0) } + [256]

    /// The curve of no release at all. Orders are at least 1.
    public init(orders: [Double] = RenyiCurve.standardOrders) {
        precondition(orders.allSatisfy { $0 >= 1 }, "Rényi orders start at 1")
        self.orders = orders
        divergences = Array(repeating: 0, count: orders.count)
    }

    /// Adds a release, repeated as often as it says.
    public mutating func compose(_ release: ComposedMechanism) throws(AccountingError) {
        try release.validate()
        if release.count == 0 { return }
        let divergence = try RenyiDivergence(of: release.mechanism)
        for (index, order) in orders.enumerated() {
            divergences[index] += Double(release.count) * divergence.value(at: order)
        }
    }

    /// The least ε of (ε, δ)-DP over all orders, with the order that gives it; infinite if there is none.
    ///
    /// Canonne, Kamath and Steinke 2020 (arXiv:2004.00010), Proposition 12; also Balle et al. 2020 (arXiv:2001.05990).
    /// A curve so low that δ ≥ √(1 − e^(−D)) gives 0. `delta` is in [0, 1).
    public func epsilon(delta: Double) -> (epsilon: Double, order: Double) {
        var best = (epsilon: Double.infinity, order: orders.first ?? 1)
        for (order, divergence) in zip(orders, divergences) {
            let epsilon = Self.epsilon(order: order, divergence: divergence, delta: delta)
            if epsilon < best.epsilon { best = (epsilon, order) }
        }
        return (max(0, best.epsilon), best.order)
    }

    /// The least δ of (ε, δ)-DP over all orders, with the order that gives it. `epsilon` is at least 0.
    public func delta(epsilon: Double) -> (delta: Double, order: Double) {
        var best = (logDelta: 0.0, order: orders.first ?? 1)
        for (order, divergence) in zip(orders, divergences) {
            var logDelta = divergence == 0 ? -Double.infinity : 0.5 * log(-expm1(-divergence))
            if order > Self.leastConvertibleOrder, divergence.isFinite {
                let bound = (order - 1) * (divergence - epsilon + log1p(-1 / order)) - log(order)
                logDelta = min(logDelta, bound)
            }
            if logDelta < best.logDelta { best = (logDelta, order) }
        }
        return (exp(best.logDelta), best.order)
    }

    /// Below this order the conversion is unstable and of no use.
    private static let leastConvertibleOrder = 1.01

    private static func epsilon(order: Double, divergence: Double, delta: Double) -> Double {
        if divergence == 0 || delta * delta + expm1(-divergence) > 0 { return 0 }
        guard order > leastConvertibleOrder, delta > 0, divergence.isFinite else { return .infinity }
        return divergence + log1p(-1 / order) - log(delta * order) / (order - 1)
    }
}
