/// How privacy losses are added up.
public enum Accountant: String, Hashable, Codable, Sendable, CaseIterable {
    /// Rényi divergences at a fixed set of orders. Fast, knows every mechanism, 3 to 30 % above the tight value.
    case rdp
    /// Discretized privacy loss distributions. Tight, never below the exact value; knows scalar noise and Gaussians.
    case pld
}
