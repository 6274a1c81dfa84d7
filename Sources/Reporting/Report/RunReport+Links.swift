extension RunReport {
    /// Time on the links of the scenario; nothing without links.
    var links: String {
        let timed = summary.arms.filter { $0.linkSeconds != nil }
        guard !timed.isEmpty else { return "" }
        var head = ["arm", "all rounds"]
        if let target { head += ["to " + HumanUnits.percent(target), "saved"] }
        let baseline = target.flatMap { timed.first?.linkSeconds(toReach: $0) }
        let rows = timed.map { arm in
            var cells = [arm.name, Self.time(arm.linkSeconds)]
            if let target {
                let seconds = arm.linkSeconds(toReach: target)
                cells.append(Self.time(seconds))
                if let seconds, let baseline, seconds > 0 {
                    cells.append(HumanUnits.factor(baseline / seconds))
                } else {
                    cells.append("–")
                }
            }
            return cells
        }
        return "<h2>Time on the link</h2>\n"
            + "<p class=\"small soft\">Expected from the bytes, the rate, the latency and the loss of each client's link; "
            + "a round lasts as long as its slowest client. Training is not included.</p>\n"
            + Markup.table([head] + rows, caption: "Time that the connections take")
    }

    private static func time(_ seconds: Double?) -> String {
        seconds.map { HumanUnits.duration(.seconds($0)) } ?? "–"
    }
}

extension ArmSummary {
    /// Time on the links of the scenario up to the first round whose int8 accuracy is `target` or more, in seconds; nil
    /// when there is no such round, or no links.
    public func linkSeconds(toReach target: Double) -> Double? {
        guard linkSeconds != nil, let round = cost(ofReaching: target)?.round else { return nil }
        return roundsLog.filter { $0.round <= round }.compactMap(\.linkSeconds).reduce(0, +)
    }
}
