/// A key of a mapping, whatever it is called.
private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Fails on the first key, in alphabetical order, that is not one of `Keys`.
    func rejectUnknownKeys<Keys: CodingKey & CaseIterable>(_ keys: Keys.Type) throws {
        let present = try container(keyedBy: AnyKey.self).allKeys
        let known = Set(keys.allCases.map(\.stringValue))
        let unknown = present.filter { !known.contains($0.stringValue) }.min { $0.stringValue < $1.stringValue }
        guard let unknown else { return }
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath + [unknown],
                debugDescription:
                    "unknown key '\(unknown.stringValue)': choose \(known.sorted().joined(separator: ", "))"))
    }
}
