/// How a privacy loss between two grid points is put on the grid. Both ways keep every ε at or above the exact value.
public enum LossRounding: String, Hashable, Codable, Sendable, CaseIterable {
    /// Divided between its neighbours; the error falls with the square of the step. The default.
    case connectingDots
    /// Moved to the next point above ("privacy buckets"); adds about half a step to ε in every round. Other tools
    /// report it for noise that is given as a table.
    case up
}

/// The grid that privacy losses are put on.
struct LossGrid: Hashable, Sendable {
    /// Distance of two points.
    var spacing: Double
    /// Where a loss between them goes.
    var rounding: LossRounding
}
