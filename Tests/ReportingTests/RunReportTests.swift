import Foundation
import Reporting
import Testing

struct RunReportTests {
    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Whether every element that is opened is closed, in order: the page is read as XML.
    private static func isWellFormed(_ html: String) -> Bool {
        let xml = html.replacing("<!doctype html>\n", with: "").replacing("<meta charset=\"utf-8\">\n", with: "")
        var stack: [Substring] = []
        for tag in xml.matches(of: /<(\/?)([a-z0-9]+)[^>]*?(\/?)>/) {
            let (close, name, single) = (!tag.1.isEmpty, tag.2, !tag.3.isEmpty)
            if single || name == "meta" { continue }
            if close {
                guard stack.popLast() == name else { return false }
            } else {
                stack.append(name)
            }
        }
        return stack.isEmpty
    }

    @Test func showsEveryArmAndTheTarget() throws {
        let html = RunReport(ExampleRun.summary, folder: URL(fileURLWithPath: "/nowhere")).html()
        #expect(Self.isWellFormed(html))
        #expect(html.contains("int8 reached 97.00% int8 accuracy"))
        for arm in ExampleRun.arms { #expect(html.contains(">\(arm.name)</text>")) }
        #expect(html.contains("target 97"))
        #expect(!html.contains("<script"))
        #expect(!html.contains("http://") && !html.contains("https://"))
    }

    @Test func showsWhatDevicesSpend() throws {
        var summary = ExampleRun.summary
        #expect(!RunReport(summary, folder: URL(fileURLWithPath: "/nowhere")).html().contains("<h2>Devices"))
        let effort = DeviceEffort(
            airtimeSeconds: 12, radioMillijoules: 30, trainingMillijoules: 4, float32AirtimeSeconds: 600,
            float32RadioMillijoules: 1500)
        summary.arms[0].devices = [
            DeviceSummary(
                device: "stm32l4+lora-sf7", clients: 3, trainedParameters: 390, maximumSteps: 10, upBytesPerRound: 120,
                downBytesPerRound: 900, perClientRound: effort, days: 2, float32Days: nil)
        ]
        let html = RunReport(summary, folder: URL(fileURLWithPath: "/nowhere")).html()
        #expect(Self.isWellFormed(html))
        #expect(html.contains(">stm32l4+lora-sf7</th><td>3</td><td>390</td><td>120 B</td><td>900 B</td>"))
        #expect(html.contains("<td>34.0</td>") && html.contains("<td>1504</td>"))
    }

    @Test func namesOfFiguresAreUnique() throws {
        let html = RunReport(ExampleRun.summary, folder: URL(fileURLWithPath: "/nowhere")).html()
        let names = html.matches(of: /\bid="([^"]+)"/).map { $0.1 }
        #expect(names.count > 8)
        #expect(Set(names).count == names.count)
        for figure in html.components(separatedBy: "<svg id=").dropFirst() {
            #expect(figure.contains("<title id=") && figure.contains("<desc id="))
        }
    }

    @Test func textIsNeverMarkup() throws {
        var summary = ExampleRun.summary
        let evil = "<script>alert(1)</script>&\"'\u{1}"
        summary.scenario = evil
        summary.arms[0].name = evil
        summary.arms[0].configuration = evil
        summary.arms[0].modelHash = evil
        summary.savings[0].versus = evil
        let html = RunReport(summary, folder: URL(fileURLWithPath: "/nowhere")).html()
        #expect(!html.contains("<script"))
        #expect(!html.contains("\u{1}"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
        #expect(Self.isWellFormed(html))
    }

    @Test func drawsWhatClientsDid() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("int8"), withIntermediateDirectories: true)
        let legs = [WireLeg(isUp: true, byteCount: 10)]
        let rows = (1...3).flatMap { round in
            ClientRound.Outcome.allCases.enumerated().map { client, outcome in
                ClientsCSV.line(
                    round: round, ClientRound(client: client, outcome: outcome, seconds: 0.5, legs: legs),
                    linkSeconds: nil)
            }
        }
        let text = ([ClientsCSV.header] + rows + ["x,y", "9,0,accepted,1,1,1,", "1,999,accepted,1,1,1,"])
        try Data(text.joined(separator: "\n").utf8).write(
            to: folder.appendingPathComponent("int8/clients.csv"))
        try ExampleRun.summary.write(to: folder)
        let html = try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
        #expect(html.contains("Clients by round"))
        for count in ["3 times took part", "3 times refused", "3 times declined", "3 times no answer in time"] {
            #expect(html.contains(count))
        }
        #expect(try RunReport(folder: folder).html() == html)
    }

    @Test func readsSummariesFromBeforeTheReport() throws {
        let json = """
            {"scenario": "old", "seed": 1, "savings": [], "arms": [{"name": "a", "rounds": 1, "clients": 2,
            "parameters": 3, "final_accuracy": null, "int8_accuracy": null, "model_hash": "00", "epsilon": null,
            "wall_seconds": 1, "peak_rss_bytes": 1, "wire": {"up_bytes": 1, "down_bytes": 1, "handshake_bytes": 0,
            "by_kind": {"hello": 2}}, "rounds_log": [{"round": 1, "accuracy": null, "int8_accuracy": null, "up_bytes": 1,
            "down_bytes": 1, "seconds": 1, "participants": 1, "rejected": 0}]}]}
            """
        let html = RunReport(try RunSummary(json: json.utf8), folder: URL(fileURLWithPath: "/nowhere")).html()
        #expect(html.contains("No round was evaluated."))
        #expect(Self.isWellFormed(html))
    }

    @Test(arguments: [0, 1, 250]) func anyNumberOfRoundsIsDrawn(rounds: Int) throws {
        let logs = (0..<rounds).map { ExampleRun.log($0 + 1, 0.3 + 0.6 * Double($0) / 250, bytes: 1 << 40) }
        let summary = RunSummary(
            scenario: "s", seed: 1, arms: [ExampleRun.arm("a", logs: logs)], targetAccuracy: 0.5)
        #expect(Self.isWellFormed(RunReport(summary, folder: URL(fileURLWithPath: "/nowhere")).html()))
    }

    @Test func saysWhichFileIsMissing() {
        #expect(throws: ReportingError.self) { try RunReport(folder: URL(fileURLWithPath: "/nowhere")) }
    }
}
