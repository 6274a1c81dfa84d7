import Reporting
import Testing

struct FitTableTests {
    private static func row(_ device: String, radio: String?, fits: Bool = true) -> FitRow {
        FitRow(
            device: device, radio: radio, variant: "int8", fits: fits, flashBytes: 33_096, arenaBytes: 8064,
            milliseconds: 12.345, millijoules: 0.0412, deliveryDays: radio == nil ? nil : 11.2,
            float32: radio == nil ? nil : .init(isPossible: false, days: 5300),
            ours: radio == nil ? nil : .init(isPossible: true, days: 12.5))
    }

    @Test func columnsAreAligned() {
        let lines = FitTable(
            [Self.row("stm32l4", radio: "lora-sf7"), Self.row("pi-zero-2", radio: "wifi", fits: false)], style: .plain
        ).lines
        #expect(Set(lines.dropFirst().map(\.count)).count == 1, "\(lines)")
        #expect(lines[2].contains("stm32l4    lora-sf7  int8  yes   33.1 kB  8.06 kB"), "\(lines[2])")
        #expect(lines[2].hasSuffix("yes, 12d12h"), "\(lines[2])")
    }

    @Test func leavesOutWhatNobodyAskedFor() {
        let lines = FitTable([Self.row("phone", radio: nil)], style: .plain).lines
        #expect(!lines[1].contains("delivery") && !lines[1].contains("float32"))
        #expect(lines[2].contains("·"))
    }
}
