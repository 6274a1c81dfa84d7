/// The table that a run prints while it goes: two heading lines per arm and a line per round, 100 columns at most.
///
/// A pure function from values to text; nothing here prints.
public struct ProgressTable: Sendable {
    /// What a line shows.
    public struct Row: Hashable, Sendable {
        /// Counts from 1.
        public var round: Int
        /// Accuracy of the float master, fraction in 0...1; nil: not evaluated in this round.
        public var accuracy: Double?
        /// Accuracy of the int8 model, fraction in 0...1; nil: not evaluated in this round.
        public var int8Accuracy: Double?
        /// Bytes of this round.
        public var roundBytes: WireByteCount
        /// Bytes up to the end of this round.
        public var totalBytes: WireByteCount
        /// Clients whose update was accepted.
        public var accepted: Int
        /// Clients that were too late.
        public var late: Int
        /// Clients that declined, failed, vanished or whose update was rejected.
        public var failed: Int
        /// What the rounds ahead will take; nil: unknown.
        public var timeLeft: Duration?
        /// What the round took of a device, the mean over its clients; nil: not known.
        public var effort: DeviceEffort?

        /// Makes the value from its fields.
        public init(
            round: Int, accuracy: Double?, int8Accuracy: Double?, roundBytes: WireByteCount, totalBytes: WireByteCount,
            accepted: Int, late: Int = 0, failed: Int = 0, timeLeft: Duration? = nil
        ) {
            self.round = round
            self.accuracy = accuracy
            self.int8Accuracy = int8Accuracy
            self.roundBytes = roundBytes
            self.totalBytes = totalBytes
            self.accepted = accepted
            self.late = late
            self.failed = failed
            self.timeLeft = timeLeft
        }
    }

    private let rounds: Int
    private let baseline: [Int: Row]
    private let style: TextStyle
    private let columns: [TextColumn]
    private let showsEffort: Bool

    /// Lays the table of one arm out.
    ///
    /// - Parameters:
    ///   - rounds: planned.
    ///   - baseline: rows of the first arm, with which each row is compared at the same round; empty for that arm itself.
    ///   - showsEffort: whether airtime and energy of a client stand where otherwise all bytes so far stand.
    public init(rounds: Int, baseline: [Row] = [], style: TextStyle, showsEffort: Bool = false) {
        self.showsEffort = showsEffort
        self.rounds = rounds
        self.baseline = Dictionary(baseline.map { ($0.round, $0) }, uniquingKeysWith: { $1 })
        self.style = style
        columns = [
            TextColumn(group: "", heading: "round", width: max(2 * "\(rounds)".count + 1, 5)),
            TextColumn(group: "accuracy", heading: "float", width: 6),
            TextColumn(group: "accuracy", heading: "int8", width: 6),
            TextColumn(group: "this round", heading: "up", width: 7),
            TextColumn(group: "this round", heading: "down", width: 7),
            TextColumn(
                group: showsEffort ? "of a client" : "in all", heading: showsEffort ? "airtime" : "up", width: 7),
            TextColumn(group: showsEffort ? "of a client" : "in all", heading: showsEffort ? "mJ" : "down", width: 7),
            TextColumn(group: "saved", heading: "round", width: 5),
            TextColumn(group: "saved", heading: "all", width: 5),
            TextColumn(group: "clients", heading: "ok", width: 4),
            TextColumn(group: "clients", heading: "late", width: 4),
            TextColumn(group: "clients", heading: "fail", width: 4),
            TextColumn(group: "time", heading: "left", width: 6),
        ]
    }

    /// The heading of an arm: its name and its settings in a few words, then two lines over the columns.
    public func heading(arm: String, detail: String = "") -> [String] {
        let title = style.apply(.heading, to: arm) + (detail.isEmpty ? "" : "  " + style.apply(.faint, to: detail))
        return [title] + TextColumn.headings(columns).map { style.apply(.faint, to: $0) }
    }

    /// One round.
    public func line(_ row: Row) -> String {
        let other = baseline[row.round]
        let savedRound = Savings.factor(other?.roundBytes.total, row.roundBytes.total)
        let savedAll = Savings.factor(other?.totalBytes.total, row.totalBytes.total)
        let cells: [(text: String, role: TextStyle.Role?)] = [
            ("\(row.round)/\(rounds)", nil),
            (row.accuracy.map(HumanUnits.percent) ?? "·", nil),
            (row.int8Accuracy.map(HumanUnits.percent) ?? "·", row.int8Accuracy == nil ? nil : .heading),
            (HumanUnits.bytes(row.roundBytes.up), nil), (HumanUnits.bytes(row.roundBytes.down), nil),
            (showsEffort ? Self.airtime(row.effort) : HumanUnits.bytes(row.totalBytes.up), nil),
            (showsEffort ? Self.energy(row.effort) : HumanUnits.bytes(row.totalBytes.down), nil),
            Self.factorCell(savedRound), Self.factorCell(savedAll),
            ("\(row.accepted)", row.accepted == 0 ? .bad : nil),
            ("\(row.late)", row.late > 0 ? .warning : .faint), ("\(row.failed)", row.failed > 0 ? .bad : .faint),
            (row.timeLeft.map(HumanUnits.duration) ?? "", .faint),
        ]
        return zip(columns, cells).map { style.apply($1.role, to: $0.cell($1.text)) }
            .joined(separator: TextColumn.separator).trimmingEnd()
    }

    private static func airtime(_ effort: DeviceEffort?) -> String {
        effort.map { HumanUnits.duration(.seconds($0.airtimeSeconds)) } ?? "·"
    }

    private static func energy(_ effort: DeviceEffort?) -> String {
        guard let effort else { return "·" }
        let value = effort.millijoules
        return value < 99_999 ? "\((value * 10).rounded() / 10)" : "\(Int((value / 1000).rounded()))k"
    }

    static func factorCell(_ factor: Double?) -> (text: String, role: TextStyle.Role?) {
        guard let factor else { return ("·", .faint) }
        return (HumanUnits.factor(factor), factor >= 1.005 ? .good : factor < 0.995 ? .bad : nil)
    }

    /// A line for the round under way, for a terminal that can take it back: `round 3/40: 7 of 10 updates, 12s`.
    public func status(round: Int, received: Int, cohort: Int, elapsed: Duration) -> String {
        let text =
            "round \(round)/\(rounds): \(received) of \(cohort) updates, \(HumanUnits.duration(elapsed))"
        return style.apply(.faint, to: text)
    }
}
