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

    /// `nmse`, `cap`, `bytes` and `unbiased`.
    func transformOptions() throws(CodecError) -> TransformOptions {
        try allow(["nmse", "cap", "bytes", "unbiased"])
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
        return TransformOptions(target: target, cap: cap, isUnbiased: values["unbiased"] != nil)
    }
}
