extension RunReport {
    /// What ran, and in a sentence what came of it.
    var heading: String {
        let arms = summary.arms
        let facts = [
            arms.first.map { "\($0.clients) clients" }, arms.first.map { "\($0.parameters) parameters" },
            "seed \(summary.seed)", arms.count == 1 ? "one arm" : "\(arms.count) arms",
        ]
        return "<h1>\(Markup.escape(summary.scenario))</h1>\n"
            + "<p class=\"soft\">\(Markup.escape(facts.compactMap { $0 }.joined(separator: " · ")))</p>\n"
            + "<p class=\"lead\">\(Markup.escape(finding))</p>\n"
    }

    private var finding: String {
        if let target, let first = summary.arms.first, let baseline = first.cost(ofReaching: target) {
            let best = summary.savings.filter { $0.totalFactor != nil }
                .max { ($0.totalFactor ?? 0) < ($1.totalFactor ?? 0) }
            if let best, let factor = best.totalFactor, factor > 1,
                let cost = summary.arms.first(where: { $0.name == best.arm })?.cost(ofReaching: target)
            {
                return "\(best.arm) reached \(HumanUnits.percent(target)) int8 accuracy with "
                    + "\(HumanUnits.bytes(cost.byteCount.total)), where \(first.name) took "
                    + "\(HumanUnits.bytes(baseline.byteCount.total)): \(HumanUnits.factor(factor)) fewer bytes."
            }
        }
        let best = summary.arms.filter { $0.int8Accuracy != nil }
            .max { ($0.int8Accuracy ?? 0) < ($1.int8Accuracy ?? 0) }
        guard let best, let accuracy = best.int8Accuracy else { return "No round was evaluated." }
        return "\(best.name) ended at \(HumanUnits.percent(accuracy)) int8 accuracy after "
            + "\(HumanUnits.bytes(best.wire.upBytes + best.wire.downBytes)) both ways."
    }

    /// The curves.
    var accuracy: String {
        let series = summary.arms.enumerated().map {
            AccuracyFigure.Series($1, index: $0, target: target, factor: savings(of: $1)?.totalFactor)
        }
        let drawing = ReportPage.figure(
            "accuracy",
            caption: target == nil
                ? "" : "A ring marks the first evaluated round at the target; the line below it leads to its bytes."
        ) { AccuracyFigure(series, target: target, width: $0).figure() }
        guard !drawing.isEmpty else { return "" }
        var rows = [["arm", "round", "int8 accuracy", "bytes both ways"]]
        for one in series {
            rows += one.points.map {
                [one.name, "\($0.round)", HumanUnits.percent($0.accuracy), HumanUnits.bytes($0.byteCount)]
            }
        }
        let table = Markup.table(rows, caption: "Every round that was evaluated")
        return "<h2>Accuracy against bytes</h2>\n" + drawing + Markup.details("As a table", table)
    }

    /// The figures of every arm: of the whole run, and up to the target.
    var results: String {
        let head = ["arm", "rounds", "float", "int8", "up", "down", "time", "memory"]
        let rows = summary.arms.map { arm in
            [arm.name, "\(arm.rounds)"] + [arm.finalAccuracy, arm.int8Accuracy].map(Self.percent)
                + [arm.wire.upBytes, arm.wire.downBytes].map(HumanUnits.bytes)
                + [HumanUnits.duration(.seconds(arm.wallSeconds)), HumanUnits.bytes(arm.peakRSSBytes)]
        }
        return "<h2>Results</h2>\n" + savedTable
            + Markup.table([head] + rows, caption: "The whole run; int8 is the model as devices run it")
    }

    private var savedTable: String {
        guard let target, let first = summary.arms.first else { return "" }
        let head = ["arm", "round", "up", "down", "total", "saved up", "saved down", "saved total"]
        let rows = summary.arms.map { arm in
            let cost = arm.cost(ofReaching: target)
            let bytes = [cost?.byteCount.up, cost?.byteCount.down, cost?.byteCount.total]
            let saved = savings(of: arm)
            return [arm.name, cost.map { "\($0.round)" } ?? "–"] + bytes.map { $0.map(HumanUnits.bytes) ?? "–" }
                + [saved?.upFactor, saved?.downFactor, saved?.totalFactor].map { $0.map(HumanUnits.factor) ?? "–" }
        }
        let caption = "To \(HumanUnits.percent(target)) int8 accuracy, everything included; saved against \(first.name)"
        return Markup.table([head] + rows, caption: caption)
    }

    static func percent(_ value: Double?) -> String { value.map(HumanUnits.percent) ?? "–" }

    /// Both figures of bytes; nothing for files that do not tell directions apart.
    var bytes: String {
        guard summary.arms.contains(where: { !$0.wire.upByKind.isEmpty }) else { return "" }
        let arms = summary.arms
        var rows = [["kind", "direction"] + arms.map(\.name)]
        for kind in WireKind.allCases {
            let up = arms.map { $0.wire.upByKind[kind] ?? 0 }
            let down = arms.map { ($0.wire.byKind[kind] ?? 0) - ($0.wire.upByKind[kind] ?? 0) }
            let name = kind.rawValue.replacing("_", with: " ")
            if up.contains(where: { $0 > 0 }) { rows.append([name, "up"] + up.map(HumanUnits.bytes)) }
            if down.contains(where: { $0 > 0 }) { rows.append([name, "down"] + down.map(HumanUnits.bytes)) }
        }
        return "<h2>Bytes by direction and purpose</h2>\n" + BytesFigure.key
            + ReportPage.figure("bytes") { BytesFigure(arms, .bytes, width: $0).figure() }
            + "<h3>Share of each direction</h3>\n"
            + ReportPage.figure("shares") { BytesFigure(arms, .share, width: $0).figure() }
            + multicast
            + Markup.details("Every kind of message", Markup.table(rows, caption: "Bytes of the whole run"))
    }

    /// What the downlink would be with multicast; nothing for files that do not say.
    private var multicast: String {
        let arms = summary.arms.filter { $0.multicastDownBytes != nil }
        guard !arms.isEmpty else { return "" }
        let rows = arms.map { arm in
            let down = arm.multicastDownBytes ?? 0
            return [
                arm.name, HumanUnits.bytes(arm.wire.downBytes), HumanUnits.bytes(down),
                HumanUnits.bytes(arm.wire.upBytes + down),
            ]
        }
        return "<h3>With multicast</h3>\n"
            + "<p class=\"small soft\">Computed, not sent: every announcement and chunk of the model counts once a round "
            + "where several clients got the same bytes.</p>\n"
            + Markup.table(
                [["arm", "down", "down, multicast", "both ways, multicast"]] + rows,
                caption: "What a radio with multicast would carry")
    }

    /// What clients did.
    var timeline: String {
        var text = ""
        for (index, grid) in timelines.enumerated() {
            guard let grid else { continue }
            let arm = summary.arms[index]
            text += "<h3>\(Markup.escape(arm.name))</h3>\n"
            text += ReportPage.figure("clients-\(index)") {
                TimelineFigure(name: arm.name, grid: grid, width: $0).figure()
            }
        }
        guard !text.isEmpty else { return "" }
        let marks = TimelineGrid.Mark.allCases.filter { mark in
            timelines.contains { $0?.counts[mark] != nil }
        }
        let key = marks.map { "<li>\(BytesFigure.swatch($0.style))\(Markup.escape($0.name))</li>" }.joined()
        let rows = summary.arms.enumerated().flatMap { index, arm in
            arm.roundsLog.map { log in
                [
                    arm.name, "\(log.round)", "\(log.participants)", "\(log.rejected)",
                    HumanUnits.bytes(log.upBytes), HumanUnits.bytes(log.downBytes),
                    HumanUnits.duration(.seconds(log.seconds)),
                    log.linkSeconds.map { HumanUnits.duration(.seconds($0)) } ?? "–",
                ]
            }
        }
        let head = ["arm", "round", "took part", "refused", "up", "down", "measured", "on the link"]
        return "<h2>Clients by round</h2>\n<ul class=\"key\">\(key)</ul>\n" + text
            + Markup.details("Rounds as a table", Markup.table([head] + rows, caption: "Every round"))
    }

    /// The privacy that was spent; nothing without any.
    var privacy: String {
        let spent = summary.arms.filter { $0.epsilon != nil }
        guard !spent.isEmpty else { return "" }
        let rows = spent.map { [$0.name, $0.epsilon.map { Markup.number($0) } ?? "–"] }
        return "<h2>Privacy</h2>\n"
            + Markup.table([["arm", "ε"]] + rows, caption: "Differential privacy spent over all rounds, per client")
    }

    /// What would repeat the run.
    var configuration: String {
        var text = "<h2>Configuration</h2>\n"
        for arm in summary.arms {
            let facts = [
                ("seed", "\(summary.seed)"), ("model hash", arm.modelHash),
                ("configuration hash", arm.configurationHash ?? ""),
            ]
            let list = facts.filter { !$0.1.isEmpty }
                .map { "<dt>\($0.0)</dt><dd><code>\(Markup.escape($0.1))</code></dd>" }
            text += "<h3>\(Markup.escape(arm.name))</h3>\n<dl>\(list.joined())</dl>\n"
            if let yaml = arm.configuration {
                text += Markup.details("Settings", "<pre>\(Markup.escape(yaml))</pre>\n")
            }
        }
        return text
    }
}
