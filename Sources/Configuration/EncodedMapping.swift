/// A mapping that is written key by key in order; keys without a value are left out.
struct EncodedMapping: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let entries: [(key: String, value: any Encodable)]

    init(_ entries: [(String, (any Encodable)?)]) {
        self.entries = entries.compactMap { entry in entry.1.map { (entry.0, $0) } }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for entry in entries {
            // A float is written with the digits that it needs, not with those of the nearest double.
            let value: any Encodable = (entry.value as? Float).flatMap { Double("\($0)") } ?? entry.value
            try container.encode(value, forKey: Key(stringValue: entry.key))
        }
    }
}

extension Duration {
    /// Seconds as a file shows them: a whole number where it is one.
    var inSeconds: any Encodable {
        let seconds = self / .seconds(1)
        guard seconds == seconds.rounded(), abs(seconds) < 1e15 else { return seconds }
        return Int(seconds)
    }
}
