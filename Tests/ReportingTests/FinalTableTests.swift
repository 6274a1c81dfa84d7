import Reporting
import Testing

struct FinalTableTests {
    @Test func looksLikeThis() {
        let lines = FinalTable(ExampleRun.summary, targetAccuracy: ExampleRun.target, style: .plain).lines
        #expect(
            lines.joined(separator: "\n") == """
                                 ── accuracy ──  ─ bytes in all ─  ── saved at 97.00% int8 ──
                arm      rounds   float    int8       up     down  round     up   down  total    time   memory
                float32       3  97.50%  97.25%  8.40 MB  8.40 MB      2      ·      ·      ·    1.5s  48.5 MB
                int8          3  97.50%  97.25%  2.10 MB  2.10 MB      3  2.67×  2.66×  2.67×    1.5s  48.5 MB
                """)
    }

    @Test func namesArmsThatMissedTheTarget() {
        let summary = RunSummary(scenario: "s", seed: 1, arms: ExampleRun.arms, targetAccuracy: 0.99)
        let lines = FinalTable(summary, targetAccuracy: 0.99, style: .plain).lines
        #expect(lines.last == "Not reached 99.00% int8 accuracy: float32, int8.")
    }

    @Test func fits100Columns() {
        var arm = ExampleRun.arms[0]
        arm.name = "an arm with a name that is far too long"
        arm.wallSeconds = 725
        let summary = RunSummary(scenario: "s", seed: 1, arms: [arm, arm], targetAccuracy: 0.97)
        for line in FinalTable(summary, targetAccuracy: 0.97, style: .plain).lines { #expect(line.count <= 100) }
    }
}
