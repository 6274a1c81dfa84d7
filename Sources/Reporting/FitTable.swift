import Foundation

/// How a model fits one device and link, as a table shows it.
public struct FitRow: Hashable, Sendable {
    /// Training over a link.
    public struct Training: Hashable, Sendable {
        /// Whether it is over in time.
        public var isPossible: Bool
        /// Days until it is over.
        public var days: Double

        /// Makes the value from its fields.
        public init(isPossible: Bool, days: Double) {
            self.isPossible = isPossible
            self.days = days
        }
    }

    /// Name of the device.
    public var device: String
    /// Name of the link, if any.
    public var radio: String?
    /// Name of the form.
    public var variant: String
    /// Whether it fits.
    public var fits: Bool
    /// Bytes of model and runtime.
    public var flashBytes: Int
    /// Bytes of working memory.
    public var arenaBytes: Int
    /// Time of one inference.
    public var milliseconds: Double
    /// Energy of one inference.
    public var millijoules: Double
    /// Days that the delivery takes.
    public var deliveryDays: Double?
    /// Training in float32.
    public var float32: Training?
    /// Training as this project does it.
    public var ours: Training?

    /// Makes the value from its fields.
    public init(
        device: String, radio: String?, variant: String, fits: Bool, flashBytes: Int, arenaBytes: Int,
        milliseconds: Double, millijoules: Double, deliveryDays: Double?, float32: Training?, ours: Training?
    ) {
        self.device = device
        self.radio = radio
        self.variant = variant
        self.fits = fits
        self.flashBytes = flashBytes
        self.arenaBytes = arenaBytes
        self.milliseconds = milliseconds
        self.millijoules = millijoules
        self.deliveryDays = deliveryDays
        self.float32 = float32
        self.ours = ours
    }
}

/// The table of how a model fits devices and links, one line each.
public struct FitTable: Sendable {
    private let rows: [FitRow]
    private let columns: [TextColumn]
    private let style: TextStyle

    /// Prepares the table.
    public init(_ rows: [FitRow], style: TextStyle) {
        self.rows = rows
        self.style = style
        func width(_ names: [String], _ least: Int) -> Int { max(names.map(\.count).max() ?? 0, least) }
        var columns = [
            TextColumn(group: "", heading: "device", width: width(rows.map(\.device), 6), side: .left),
            TextColumn(group: "", heading: "radio", width: width(rows.compactMap(\.radio), 5), side: .left),
            TextColumn(group: "", heading: "form", width: width(rows.map(\.variant), 4), side: .left),
            TextColumn(group: "", heading: "fits", width: 4, side: .left),
            TextColumn(group: "", heading: "flash", width: 7), TextColumn(group: "", heading: "RAM", width: 7),
            TextColumn(group: "an inference", heading: "ms", width: 8),
            TextColumn(group: "an inference", heading: "mJ", width: 8),
        ]
        if rows.contains(where: { $0.deliveryDays != nil }) {
            columns.append(TextColumn(group: "", heading: "delivery", width: 8))
        }
        if rows.contains(where: { $0.ours != nil }) {
            columns += ["float32", "ours"].map { TextColumn(group: "training over the radio", heading: $0, width: 14) }
        }
        self.columns = columns
    }

    /// Headings and rows.
    public var lines: [String] {
        TextColumn.headings(columns).map { style.apply(.faint, to: $0) } + rows.map(line)
    }

    private func line(_ row: FitRow) -> String {
        let cells: [String: String] = [
            "device": row.device, "radio": row.radio ?? "·", "form": row.variant, "fits": row.fits ? "yes" : "no",
            "flash": HumanUnits.bytes(row.flashBytes), "RAM": HumanUnits.bytes(row.arenaBytes),
            "ms": Self.number(row.milliseconds), "mJ": Self.number(row.millijoules),
            "delivery": row.deliveryDays.map(Self.days) ?? "·", "float32": Self.training(row.float32),
            "ours": Self.training(row.ours),
        ]
        let text = columns.map { $0.cell(cells[$0.heading] ?? "") }.joined(separator: TextColumn.separator)
        return style.apply(row.fits ? nil : .bad, to: text.trimmingEnd())
    }

    private static func number(_ value: Double) -> String {
        String(format: value < 0.0995 ? "%.4f" : value < 99.95 ? "%.2f" : "%.0f", value)
    }

    private static func days(_ days: Double) -> String { HumanUnits.duration(.seconds(days * 86400)) }

    private static func training(_ training: FitRow.Training?) -> String {
        guard let training else { return "·" }
        return (training.isPossible ? "yes, " : "no, ") + days(training.days)
    }
}
