import Foundation

/// The rounds of a run as OpenMetrics 1.0 text (github.com/OpenObservability/OpenMetrics): for `promtool tsdb
/// create-blocks-from openmetrics`, or any other program that reads it.
///
/// Every sample carries the labels `scenario`, `seed` and `arm`; those of rounds carry the time at which the round ended,
/// told from the end of the run.
public struct OpenMetrics: Sendable {
    private let summary: RunSummary
    private let end: Date

    /// Takes a run that ended at a time.
    public init(_ summary: RunSummary, endedAt end: Date = Date()) {
        self.summary = summary
        self.end = end
    }

    private struct Family {
        var name: String
        var type: String
        var unit: String?
        var help: String
    }

    /// The whole text, with its `# EOF`.
    public var text: String {
        var text = ""
        text += arms(Family(name: "swiftlet_arm", type: "info", help: "What ran.")) { arm in
            let hash = arm.configurationHash.map { [("configuration_hash", $0)] } ?? []
            return [Self.sample("swiftlet_arm_info", labels(arm) + [("model_hash", arm.modelHash)] + hash, 1)]
        }
        text += gauge("accuracy", "ratio", "Accuracy of the float master.", \.accuracy)
        text += gauge("int8_accuracy", "ratio", "Accuracy of the model as devices run it.", \.int8Accuracy)
        text += gauge("round_duration", "seconds", "From announcement to publication.") { $0.seconds }
        text += gauge("round_participants", nil, "Updates that went into the model.") { Double($0.participants) }
        text += gauge("round_link", "seconds", "Slowest client on the links of the scenario.", \.linkSeconds)
        text += counter("rounds", nil, "Rounds that were completed.", [[]]) { _, _ in 1 }
        text += counter("rejected_updates", nil, "Updates that were refused.", [[]]) { log, _ in log.rejected }
        let sides = [[("direction", "up")], [("direction", "down")]]
        text += counter("wire", "bytes", "On the connections, everything included.", sides) { log, labels in
            labels.contains { $0.1 == "up" } ? log.upBytes : log.downBytes
        }
        text += kinds + totals
        return text + "# EOF\n"
    }

    /// Writes the text.
    public func write(to file: URL) throws(ReportingError) {
        do { try Data(text.utf8).write(to: file, options: .atomic) } catch {
            throw .unwritable(path: file.path, cause: error.localizedDescription)
        }
    }

    // MARK: Families

    private func gauge(
        _ name: String, _ unit: String?, _ help: String, _ value: (RoundLog) -> Double?
    ) -> String {
        let name = "swiftlet_" + name + (unit.map { "_" + $0 } ?? "")
        return arms(Family(name: name, type: "gauge", unit: unit, help: help)) { arm in
            zip(arm.roundsLog, RoundClock.times(arm, endingAt: end)).compactMap { log, time in
                value(log).map { Self.sample(name, labels(arm), $0, time) }
            }
        }
    }

    /// A sum over the rounds for each set of labels.
    private func counter(
        _ name: String, _ unit: String?, _ help: String, _ sets: [[(String, String)]],
        _ value: (RoundLog, [(String, String)]) -> Int
    ) -> String {
        let name = "swiftlet_" + name + (unit.map { "_" + $0 } ?? "")
        return arms(Family(name: name, type: "counter", unit: unit, help: help)) { arm in
            let times = RoundClock.times(arm, endingAt: end)
            return sets.flatMap { set in
                var sum = 0
                return zip(arm.roundsLog, times).map { log, time in
                    sum += value(log, set)
                    return Self.sample(name + "_total", labels(arm) + set, Double(sum), time)
                }
            }
        }
    }

    private var kinds: String {
        let name = "swiftlet_message_bytes"
        let help = "Bytes of the whole run by kind of message."
        return arms(Family(name: name, type: "gauge", unit: "bytes", help: help)) { arm in
            arm.wire.byKind.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, byteCount in
                Self.sample(name, labels(arm) + [("kind", kind.rawValue)], Double(byteCount))
            }
        }
    }

    private var totals: String {
        let memory = "swiftlet_peak_memory_bytes"
        let spent = "swiftlet_epsilon"
        let memoryHelp = "Largest resident memory of the coordinator."
        return arms(Family(name: memory, type: "gauge", unit: "bytes", help: memoryHelp)) { arm in
            [Self.sample(memory, labels(arm), Double(arm.peakRSSBytes))]
        }
            + arms(Family(name: spent, type: "gauge", help: "Privacy spent.")) { arm in
                arm.epsilon.map { [Self.sample(spent, labels(arm), $0)] } ?? []
            }
    }

    /// The head of a family and the samples of all arms; nothing when there are no samples.
    private func arms(_ family: Family, _ samples: (ArmSummary) -> [String]) -> String {
        let lines = summary.arms.flatMap(samples)
        guard !lines.isEmpty else { return "" }
        let unit = family.unit.map { "# UNIT \(family.name) \($0)\n" } ?? ""
        return "# TYPE \(family.name) \(family.type)\n" + unit + "# HELP \(family.name) \(family.help)\n"
            + lines.joined()
    }

    // MARK: Samples

    private func labels(_ arm: ArmSummary) -> [(String, String)] {
        [("scenario", summary.scenario), ("seed", "\(summary.seed)"), ("arm", arm.name)]
    }

    private static func sample(
        _ name: String, _ labels: [(String, String)], _ value: Double, _ time: Double? = nil
    ) -> String {
        let list = labels.map { "\($0)=\"\(escape($1))\"" }.joined(separator: ",")
        let stamp = time.map { " " + String(format: "%.3f", $0) } ?? ""
        return "\(name){\(list)} \(number(value))\(stamp)\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
