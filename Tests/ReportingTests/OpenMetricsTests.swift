import Foundation
import Reporting
import Testing

struct OpenMetricsTests {
    private static let end = Date(timeIntervalSince1970: 1_000_000)
    private let lines = OpenMetrics(ExampleRun.summary, endedAt: end).text.split(separator: "\n")

    @Test func endsWithItsEnd() {
        #expect(lines.last == "# EOF")
        #expect(lines.filter { $0 == "# EOF" }.count == 1)
    }

    @Test func everySampleStandsBelowItsFamily() {
        var family = ""
        for line in lines.dropLast() {
            if line.hasPrefix("# TYPE ") {
                family = String(line.split(separator: " ")[2])
            } else if !line.hasPrefix("#") {
                #expect(line.hasPrefix(family))
                #expect(line.contains("{scenario=\"example\",seed=\"18446744073709551615\",arm=\""))
            }
        }
    }

    @Test func countersAddUpAndTimesEndWithTheRun() throws {
        let last = try #require(
            lines.last { $0.hasPrefix("swiftlet_wire_bytes_total") && $0.contains("arm=\"int8\"") })
        let sum = ExampleRun.arms[1].roundsLog.map(\.downBytes).reduce(0, +)
        let ending = "direction=\"down\"} \(sum) 1000000.000"
        #expect(last.hasSuffix(ending))
    }

    @Test func labelsAreEscaped() {
        var summary = ExampleRun.summary
        summary.scenario = "a\"b\\c\nd"
        #expect(OpenMetrics(summary).text.contains("scenario=\"a\\\"b\\\\c\\nd\""))
    }
}
