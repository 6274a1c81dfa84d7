import Foundation

/// `clients.csv`: one line per round and client of its cohort, written as the rounds end.
public enum ClientsCSV {
    /// Names of the columns.
    public static let header = "round,client,outcome,seconds,up_bytes,down_bytes,link_seconds"

    /// One line, without its end.
    ///
    /// - Parameter linkSeconds: on the client's link; nil: there is none.
    public static func line(round: Int, _ client: ClientRound, linkSeconds: Double?) -> String {
        let cells: [String] = [
            "\(round)", "\(client.client)", client.outcome.rawValue, client.seconds.map { rounded($0) } ?? "",
            "\(client.legs.byteCount.up)", "\(client.legs.byteCount.down)", linkSeconds.map { rounded($0) } ?? "",
        ]
        return cells.joined(separator: ",")
    }

    /// A line that was read.
    struct Row {
        var round: Int
        var client: Int
        var outcome: ClientRound.Outcome
        var seconds: Double?
        var linkSeconds: Double?
    }

    /// Hands every line of a file on; a line that does not fit is left out. The file is mapped, not copied.
    static func read(_ file: URL, _ take: (Row) -> Void) {
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else { return }
        data.withUnsafeBytes { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
                let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                guard cells.count == 7 else { continue }
                func text(_ index: Int) -> String { String(decoding: cells[index], as: UTF8.self) }
                guard let round = Int(text(0)), let client = Int(text(1)), round > 0, client >= 0,
                    let outcome = ClientRound.Outcome(rawValue: text(2))
                else { continue }
                take(
                    Row(
                        round: round, client: client, outcome: outcome, seconds: Double(text(3)),
                        linkSeconds: Double(text(6))))
            }
        }
    }

    private static func rounded(_ seconds: Double) -> String { "\((seconds * 10_000).rounded() / 10_000)" }
}
