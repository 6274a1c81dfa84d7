import Foundation

/// The table of what an arm took of each kind of device, one line each.
public struct DeviceTable: Sendable {
    private let devices: [DeviceSummary]
    private let columns: [TextColumn]
    private let style: TextStyle

    /// Lays the table out.
    public init(_ devices: [DeviceSummary], style: TextStyle) {
        self.devices = devices
        self.style = style
        columns = [
            TextColumn(
                group: "", heading: "device", width: max(devices.map(\.device.count).max() ?? 0, 6), side: .left),
            TextColumn(group: "", heading: "clients", width: 7), TextColumn(group: "", heading: "trains", width: 7),
            TextColumn(group: "a round of a client", heading: "up", width: 7),
            TextColumn(group: "a round of a client", heading: "down", width: 7),
            TextColumn(group: "a round of a client", heading: "airtime", width: 7),
            TextColumn(group: "a round of a client", heading: "mJ", width: 7),
            TextColumn(group: "float32", heading: "airtime", width: 7),
            TextColumn(group: "float32", heading: "mJ", width: 7),
            TextColumn(group: "all rounds", heading: "ours", width: 7),
            TextColumn(group: "all rounds", heading: "float32", width: 7),
        ]
    }

    /// Headings and rows.
    public var lines: [String] {
        TextColumn.headings(columns).map { style.apply(.faint, to: $0) } + devices.map(line)
    }

    private func line(_ device: DeviceSummary) -> String {
        zip(columns, device.cells).map { $0.cell($1) }.joined(separator: TextColumn.separator).trimmingEnd()
    }
}

extension DeviceSummary {
    /// The columns of `DeviceTable`, as text.
    var cells: [String] {
        let effort = perClientRound
        return [
            device, "\(clients)", "\(trainedParameters)",
            HumanUnits.bytes(upBytesPerRound), HumanUnits.bytes(downBytesPerRound),
            Self.seconds(effort.airtimeSeconds), Self.number(effort.millijoules),
            Self.seconds(effort.float32AirtimeSeconds),
            Self.number(effort.float32RadioMillijoules + effort.trainingMillijoules),
            days.map { Self.seconds($0 * 86400) } ?? "·", float32Days.map { Self.seconds($0 * 86400) } ?? "·",
        ]
    }

    private static func seconds(_ seconds: Double) -> String {
        seconds < 0.05 ? String(format: "%.1fms", seconds * 1000) : HumanUnits.duration(.seconds(seconds))
    }

    private static func number(_ value: Double) -> String {
        String(format: value < 9.995 ? "%.2f" : value < 999.5 ? "%.1f" : "%.0f", value)
    }
}
