/// What a client may spend on connections: `budget` of a scenario or a federation, such as `2 kB/client/round` or
/// `20 kB/client/day`.
///
/// Handshakes and the parameters, which a client gets once, are not part of it.
public struct ByteBudget: Hashable, Sendable {
    /// The time that the bytes are for.
    public enum Period: String, Hashable, Sendable, CaseIterable {
        /// One round that the client takes part in.
        case round
        /// A day, whatever number of rounds it has.
        case day
    }

    /// Bytes both ways, 1 or more.
    public var byteCount: Int
    /// The time that they are for.
    public var period: Period

    /// Makes the value from its fields.
    public init(byteCount: Int, period: Period) {
        self.byteCount = byteCount
        self.period = period
    }

    /// Bytes for one round that a client takes part in.
    ///
    /// - Parameter roundsPerDay: rounds of one client in a day, above 0; only asked for where the budget is for a day.
    func roundByteCount(roundsPerDay: Double) -> Int {
        switch period {
        case .round: byteCount
        case .day: Int((Double(byteCount) / roundsPerDay).rounded(.down))
        }
    }

    private static let units: [Substring: Double] = ["B": 1, "kB": 1e3, "MB": 1e6]

    init(_ value: YAMLValue) throws(ConfigurationError) {
        let text = try value.text()
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let amount = (parts.first ?? "").split(separator: " ")
        guard parts.count == 3, parts[1] == "client", let period = Period(rawValue: String(parts[2])),
            amount.count == 2, let number = Double(amount[0]), let unit = Self.units[amount[1]],
            number * unit >= 1, number * unit <= 1e15
        else {
            throw value.failure(
                "is \(value.shown), which is no budget; write it as '2 kB/client/round' or '20 kB/client/day'")
        }
        self.init(byteCount: Int(number * unit), period: period)
    }

    /// The form that files have.
    var text: String { "\(byteCount) B/client/\(period.rawValue)" }
}
