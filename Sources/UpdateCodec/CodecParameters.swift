/// The part of a codec's specification after the colon: `key=value` or bare words, separated by commas.
struct CodecParameters {
    private(set) var values: [String: String] = [:]

    init(_ text: Substring) throws(CodecError) {
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(pair[0])
            guard values.updateValue(pair.count > 1 ? String(pair[1]) : "", forKey: key) == nil else {
                throw .invalidParameter(key)
            }
        }
    }

    /// Refuses parameters that the codec does not take.
    func allow(_ keys: Set<String>) throws(CodecError) {
        for key in values.keys.sorted() where !keys.contains(key) { throw .invalidParameter(key) }
    }

    /// `nmse`, `cap`, `worst`, `bytes` and `unbiased`, and `to`, `capto` and `over`, by which the first two move.
    func transformOptions() throws(CodecError) -> TransformOptions {
        try allow(["nmse", "cap", "worst", "bytes", "unbiased", "to", "capto", "over"])
        var target = TransformOptions.Target.nmse(0.25)
        if let text = values["nmse"] {
            guard let nmse = Double(text), nmse >= 1e-6, nmse <= 1 else { throw .invalidParameter("nmse=\(text)") }
            target = .nmse(nmse)
        }
        if let text = values["bytes"] {
            guard values["nmse"] == nil, values["cap"] == nil, let bytes = Int(text), bytes >= 16 else {
                throw .invalidParameter("bytes=\(text)")
            }
            target = .bytes(bytes)
        }
        if let text = values["unbiased"], !text.isEmpty { throw .invalidParameter("unbiased=\(text)") }
        let cap = try values["cap"].map { text throws(CodecError) in
            guard let cap = Double(text), cap > 0, cap <= 32 else { throw .invalidParameter("cap=\(text)") }
            return cap
        }
        var options = TransformOptions(target: target, cap: cap, isUnbiased: values["unbiased"] != nil)
        if let text = values["worst"] {
            guard cap != nil, let worst = Double(text), worst >= 1e-6, worst < 1 else {
                throw .invalidParameter("worst=\(text)")
            }
            options.worst = worst
        }
        options.schedule = try schedule(cap: cap)
        return options
    }

    private func schedule(cap: Double?) throws(CodecError) -> TransformOptions.Schedule? {
        guard let text = values["over"] else {
            for key in ["to", "capto"] where values[key] != nil { throw .invalidParameter(key) }
            return nil
        }
        guard values["bytes"] == nil, let rounds = Int(text), (1...1_000_000).contains(rounds) else {
            throw .invalidParameter("over=\(text)")
        }
        var schedule = TransformOptions.Schedule(rounds: rounds)
        if let text = values["to"] {
            guard let nmse = Double(text), nmse >= 1e-6, nmse <= 1 else { throw .invalidParameter("to=\(text)") }
            schedule.nmse = nmse
        }
        if let text = values["capto"] {
            guard cap != nil, let cap = Double(text), cap > 0, cap <= 32 else {
                throw .invalidParameter("capto=\(text)")
            }
            schedule.cap = cap
        }
        guard schedule.nmse != nil || schedule.cap != nil else { throw .invalidParameter("over") }
        return schedule
    }
}
