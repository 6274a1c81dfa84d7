import Reporting
import Testing

struct ProgressTableTests {
    static let baseline = rows(bytes: 2_791_304)

    static func rows(bytes: Int) -> [ProgressTable.Row] {
        (1...3).map { round in
            ProgressTable.Row(
                round: round, accuracy: round == 2 ? nil : 0.1135 * Double(round),
                int8Accuracy: round == 2 ? nil : 0.113 * Double(round),
                roundBytes: WireByteCount(up: bytes, down: bytes / 2),
                totalBytes: WireByteCount(up: round * bytes, down: round * bytes / 2), accepted: 10 - round,
                late: round / 2, failed: round / 3, timeLeft: .seconds(600 / round))
        }
    }

    @Test func looksLikeThis() {
        let table = ProgressTable(rounds: 40, baseline: Self.baseline, style: .plain)
        let lines = table.heading(arm: "int8", detail: "int8 up, int8 down") + Self.rows(bytes: 701_000).map(table.line)
        #expect(
            lines.joined(separator: "\n") == """
                int8  int8 up, int8 down
                       ── accuracy ──  ── this round ──  ──── in all ────  ── saved ───  ─── clients ────    time
                round   float    int8       up     down       up     down  round    all    ok  late  fail    left
                 1/40  11.35%  11.30%   701 kB   351 kB   701 kB   351 kB  3.98×  3.98×     9     0     0  10m00s
                 2/40       ·       ·   701 kB   351 kB  1.40 MB   701 kB  3.98×  3.98×     8     1     0   5m00s
                 3/40  34.05%  33.90%   701 kB   351 kB  2.10 MB  1.05 MB  3.98×  3.98×     7     1     1   3m20s
                """)
    }

    @Test func theFirstArmIsComparedWithNothing() {
        let table = ProgressTable(rounds: 3, style: .plain)
        #expect(
            Self.baseline.map(table.line).joined(separator: "\n") == """
                  1/3  11.35%  11.30%  2.79 MB  1.40 MB  2.79 MB  1.40 MB      ·      ·     9     0     0  10m00s
                  2/3       ·       ·  2.79 MB  1.40 MB  5.58 MB  2.79 MB      ·      ·     8     1     0   5m00s
                  3/3  34.05%  33.90%  2.79 MB  1.40 MB  8.37 MB  4.19 MB      ·      ·     7     1     1   3m20s
                """)
    }

    @Test(arguments: [1, 9, 10, 999, 1000])
    func columnsAlignWithin100(rounds: Int) {
        let table = ProgressTable(rounds: rounds, baseline: Self.baseline, style: .plain)
        let heading = table.heading(arm: "arm")
        let widest = ProgressTable.Row(
            round: rounds, accuracy: 1, int8Accuracy: 1, roundBytes: WireByteCount(up: 999_499, down: 1_000_000),
            totalBytes: WireByteCount(up: .max / 2, down: 88_888_888), accepted: 1000, late: 1000, failed: 1000,
            timeLeft: .seconds(98 * 86_400))
        let line = table.line(widest)
        #expect(line.count == heading[2].count)
        #expect(line.count <= (rounds < 1000 ? 99 : 101))
        #expect(heading[1].count == line.count)
        #expect(!line.contains("…"))
    }

    @Test func colourChangesNoCharacter() {
        let plain = ProgressTable(rounds: 40, baseline: Self.baseline, style: .plain)
        let coloured = ProgressTable(rounds: 40, baseline: Self.baseline, style: .coloured)
        for row in Self.rows(bytes: 701_000) {
            #expect(coloured.line(row).replacing(/\u{1b}\[[0-9]*m/, with: "") == plain.line(row))
            #expect(coloured.line(row).contains("\u{1b}[32m"))
        }
        #expect(
            coloured.heading(arm: "a").joined().replacing(/\u{1b}\[[0-9]*m/, with: "")
                == plain.heading(arm: "a").joined())
    }

    @Test func statusTellsHowFarARoundIs() {
        let table = ProgressTable(rounds: 40, style: .plain)
        #expect(
            table.status(round: 3, received: 7, cohort: 10, elapsed: .seconds(12)) == "round 3/40: 7 of 10 updates, 12s"
        )
    }
}
