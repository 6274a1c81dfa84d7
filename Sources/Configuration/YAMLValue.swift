import Messages
import Yams

/// A value of a YAML file that knows where it stands, with readers that say what is allowed when it does not fit.
struct YAMLValue {
    let file: String
    /// Keys and list positions from the top.
    let path: [String]
    let node: Node
    /// The line of the parent, for nodes without a mark.
    let fallbackLine: Int
    /// Keys that came from the top of the file when mappings were merged; messages name them as they stand there.
    var inherited: Set<String> = []

    var line: Int { node.mark?.line ?? fallbackLine }

    func failure(_ problem: String, at node: Node? = nil) -> ConfigurationError {
        .invalid(
            file: file, line: node?.mark?.line ?? line, key: path.joined(separator: "."), problem: problem)
    }

    func child(_ key: String, _ node: Node) -> YAMLValue {
        YAMLValue(
            file: file, path: (inherited.contains(key) ? [] : path) + [key], node: node, fallbackLine: line)
    }

    // MARK: Form

    /// The text of a scalar, quoted or not; nil for lists and mappings.
    var scalar: String? { node.scalar?.string }
    /// Whether this is a whole number.
    var isInteger: Bool { plain.flatMap { Int($0) } != nil }
    var isMapping: Bool { node.mapping != nil }
    var isList: Bool { node.sequence != nil }

    /// The value of a key, if this is a mapping that has it.
    func entry(_ key: String) -> YAMLValue? {
        node.mapping?.first { $0.key.scalar?.string == key }.map { child(key, $0.value) }
    }

    // MARK: Scalars

    private var plain: String? {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return nil }
        return scalar.string
    }

    /// How messages show the value.
    var shown: String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string)'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// Text; numbers, true, false and null must be quoted to count as text.
    func text(upTo byteCount: Int = 4096) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node else { throw failure("should be text, not \(shown)") }
        if let plain, plain.isEmpty || ["null", "~", "true", "false"].contains(plain) || Double(plain) != nil {
            throw failure("should be text, not \(shown)" + (plain.isEmpty ? "" : "; put it in quotes"))
        }
        guard (1...byteCount).contains(scalar.string.utf8.count) else {
            throw failure("should be text of 1 to \(byteCount) bytes")
        }
        return scalar.string
    }

    func integer(_ range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let plain, let value = Int(plain) else { throw failure("should be a whole number, not \(shown)") }
        guard range.contains(value) else { throw failure("is \(value); allowed is \(Self.words(range))") }
        return value
    }

    func unsigned() throws(ConfigurationError) -> UInt64 {
        guard let plain, let value = UInt64(plain) else {
            throw failure("should be a whole number of 0 or more, not \(shown)")
        }
        return value
    }

    /// A finite number.
    func number() throws(ConfigurationError) -> Double {
        guard let plain, let value = Double(plain), value.isFinite else {
            throw failure("should be a number, not \(shown)")
        }
        return value
    }

    func number(above low: Double, upTo high: Double) throws(ConfigurationError) -> Double {
        let value = try number()
        guard value > low, value <= high else { throw failure("is \(value); allowed is above \(low), up to \(high)") }
        return value
    }

    func number(from low: Double, upTo high: Double) throws(ConfigurationError) -> Double {
        let value = try number()
        guard value >= low, value <= high else { throw failure("is \(value); allowed is \(low) to \(high)") }
        return value
    }

    func float() throws(ConfigurationError) -> Float {
        let value = Float(try number())
        guard value.isFinite else { throw failure("is too large for a 32-bit number") }
        return value
    }

    /// Seconds, above 0 and up to a year.
    func seconds() throws(ConfigurationError) -> Duration {
        .seconds(try number(above: 0, upTo: 31_536_000))
    }

    /// One of a few words.
    func word(_ allowed: [String]) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node, allowed.contains(scalar.string) else {
            let hint =
                node.scalar.map { Suggestion.hint($0.string, among: allowed) }
                ?? "; allowed: " + allowed.joined(separator: ", ")
            throw failure("is \(shown)\(hint)")
        }
        return scalar.string
    }

    /// One of the words of an enumeration.
    func word<Word: CaseIterable & RawRepresentable<String>>(_ type: Word.Type) throws(ConfigurationError) -> Word {
        let text = try word(type.allCases.map(\.rawValue))
        guard let word = Word(rawValue: text) else { throw failure("is \(shown)") }
        return word
    }

    /// A key or an identifier in hexadecimal.
    func hexadecimal<Bytes: FixedSizeBytes>(_ type: Bytes.Type) throws(ConfigurationError) -> Bytes {
        guard case .scalar(let scalar) = node, let value = Bytes(hex: scalar.string) else {
            throw failure("should be \(2 * Bytes.byteCount) hexadecimal digits, not \(shown)")
        }
        return value
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }

    // MARK: Collections

    func list() throws(ConfigurationError) -> [YAMLValue] {
        guard case .sequence(let nodes) = node else { throw failure("should be a list, not \(shown)") }
        return nodes.enumerated().map { child("\($0)", $1) }
    }

    /// A mapping with no keys but `keys`.
    func mapping(_ keys: [String]) throws(ConfigurationError) -> YAMLMapping {
        guard case .mapping(let mapping) = node else {
            throw failure("should be a mapping with some of: \(keys.joined(separator: ", ")); it is \(shown)")
        }
        var values: [String: YAMLValue] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, keys.contains(name) else {
                let name = key.scalar?.string ?? ""
                throw failure("unknown key '\(name)'\(Suggestion.hint(name, among: keys))", at: key)
            }
            values[name] = child(name, value)
        }
        return YAMLMapping(whole: self, values: values)
    }
}

/// A mapping whose keys are known.
struct YAMLMapping {
    let whole: YAMLValue
    let values: [String: YAMLValue]

    subscript(key: String) -> YAMLValue? { values[key] }

    func required(_ key: String) throws(ConfigurationError) -> YAMLValue {
        guard let value = values[key] else { throw whole.failure("needs the key '\(key)'") }
        return value
    }

    /// The value of a key, read, or what holds without it.
    func read<Value>(
        _ key: String, or fallback: Value, _ read: (YAMLValue) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        guard let value = values[key] else { return fallback }
        return try read(value)
    }

    /// As `read`; nil without the key.
    func read<Value>(
        _ key: String, _ read: (YAMLValue) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value? {
        guard let value = values[key] else { return nil }
        return try read(value)
    }
}
