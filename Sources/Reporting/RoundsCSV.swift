/// `rounds.csv`: one line per arm and round, for a spreadsheet or a plot.
public enum RoundsCSV {
    /// Names of the columns.
    public static let header =
        "arm,round,accuracy,int8_accuracy,up_bytes,down_bytes,up_bytes_total,down_bytes_total,seconds,participants,"
        + "rejected,link_seconds"

    /// The whole file; cells without a value are empty (RFC 4180, with LF line ends).
    public static func text(_ arms: [ArmSummary]) -> String {
        ([header] + arms.flatMap(lines)).map { $0 + "\n" }.joined()
    }

    private static func lines(_ arm: ArmSummary) -> [String] {
        var total = WireByteCount.zero
        return arm.roundsLog.map { log in
            total += log.byteCount
            let cells: [String] = [
                quoted(arm.name), "\(log.round)", number(log.accuracy), number(log.int8Accuracy), "\(log.upBytes)",
                "\(log.downBytes)", "\(total.up)", "\(total.down)", "\(log.seconds)", "\(log.participants)",
                "\(log.rejected)", number(log.linkSeconds),
            ]
            return cells.joined(separator: ",")
        }
    }

    private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
