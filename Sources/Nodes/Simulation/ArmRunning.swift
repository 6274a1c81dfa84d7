/// Runs one arm from start to end, wherever its clients live.
protocol ArmRunning: Sendable {
    /// Runs the arm and leaves its model in the arm's folder.
    ///
    /// - Parameter progress: called in order.
    /// - Throws: when the arm did not complete all rounds.
    func run(_ progress: @escaping @Sendable (CoordinatorProgress) -> Void) async throws
}
