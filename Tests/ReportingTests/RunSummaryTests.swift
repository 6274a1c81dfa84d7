import Foundation
import Reporting
import Testing

struct RunSummaryTests {
    @Test func jsonIsTheDocumentedFormat() throws {
        let arm = ExampleRun.arm(
            "int8", logs: [ExampleRun.log(1, 0.5, bytes: 700), ExampleRun.log(2, nil, bytes: 700)])
        var summary = RunSummary(scenario: "quick/start", seed: 7, arms: [arm], targetAccuracy: nil)
        summary.savings = [
            Savings(
                arm: "int8", versus: "float32", targetAccuracy: 0.75, upFactor: 4, downFactor: nil, totalFactor: nil)
        ]
        #expect(try summary.json() == golden)
    }

    @Test func readsWhatItWrites() throws {
        let summary = ExampleRun.summary
        #expect(try RunSummary(json: summary.json().utf8) == summary)
    }

    @Test(arguments: ["", "{}", "[]", "{\"scenario\": 1}"])
    func refusesOtherText(text: String) {
        #expect(throws: ReportingError.self) { try RunSummary(json: text.utf8) }
    }

    @Test func refusesNotANumber() {
        var summary = ExampleRun.summary
        summary.arms[0].finalAccuracy = .nan
        #expect(throws: ReportingError.self) { try summary.json() }
    }

    @Test func kindsAddUpToTheTotal() {
        let wire = ExampleRun.summary.arms[0].wire
        #expect(wire.byKind.values.reduce(0, +) == wire.upBytes + wire.downBytes)
        #expect(wire.handshakeBytes == 840)
    }

    @Test func writesItsFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try ExampleRun.summary.write(to: folder.appendingPathComponent("a/b"))
        let json = try Data(contentsOf: folder.appendingPathComponent("a/b/summary.json"))
        #expect(try RunSummary(json: json) == ExampleRun.summary)
        let csv = try String(contentsOf: folder.appendingPathComponent("a/b/rounds.csv"), encoding: .utf8)
        #expect(csv == RoundsCSV.text(ExampleRun.arms))
        try Data().write(to: folder.appendingPathComponent("file"))
        #expect(throws: ReportingError.self) {
            try ExampleRun.summary.write(to: folder.appendingPathComponent("file/x"))
        }
    }

    private let golden = """
        {
          "arms" : [
            {
              "clients" : 100,
              "configuration" : null,
              "configuration_hash" : null,
              "devices" : null,
              "epsilon" : null,
              "final_accuracy" : null,
              "int8_accuracy" : null,
              "link_seconds" : null,
              "model_hash" : "abababababababababababababababababababababababababababababababab",
              "multicast_down_bytes" : null,
              "name" : "int8",
              "parameters" : 69690,
              "peak_rss_bytes" : 48500000,
              "rounds" : 2,
              "rounds_log" : [
                {
                  "accuracy" : 0.5,
                  "devices" : null,
                  "down_bytes" : 1700,
                  "epsilon" : null,
                  "int8_accuracy" : 0.4975,
                  "link_seconds" : null,
                  "multicast_down_bytes" : null,
                  "participants" : 10,
                  "rejected" : 0,
                  "round" : 1,
                  "seconds" : 0.5,
                  "up_bytes" : 700
                },
                {
                  "accuracy" : null,
                  "devices" : null,
                  "down_bytes" : 1700,
                  "epsilon" : null,
                  "int8_accuracy" : null,
                  "link_seconds" : null,
                  "multicast_down_bytes" : null,
                  "participants" : 10,
                  "rejected" : 0,
                  "round" : 2,
                  "seconds" : 0.5,
                  "up_bytes" : 700
                }
              ],
              "wall_seconds" : 1.5,
              "wire" : {
                "by_kind" : {
                  "handshake" : 840,
                  "model_payload" : 3400,
                  "update_payload" : 1400
                },
                "down_bytes" : 3760,
                "handshake_bytes" : 840,
                "up_by_kind" : {
                  "handshake" : 480,
                  "update_payload" : 1400
                },
                "up_bytes" : 1880
              }
            }
          ],
          "savings" : [
            {
              "arm" : "int8",
              "down_x" : null,
              "target_accuracy" : 0.75,
              "total_x" : null,
              "up_x" : 4,
              "vs" : "float32"
            }
          ],
          "scenario" : "quick/start",
          "seed" : 7,
          "target_accuracy" : null
        }

        """
}
