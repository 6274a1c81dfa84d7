import Foundation

extension NamedFolder {
    /// The alphabet in order: token `t` is the character at position `t`.
    static let alphabet = Array(
        "\n !$&',-.3:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    /// Characters that the model sees before the one it predicts (McMahan et al. 2017, arXiv:1602.05629).
    static let contextLength = 80
    /// Roles with fewer characters are left out.
    static let minimumRoleLength = 1_000
    /// Distance between the starts of neighbouring windows.
    static let windowStride = 10
    /// One part in so many of each role's text, its end, is the test part.
    static let testFraction = 10

    /// Tiny Shakespeare, one client per speaking role: windows `[80]` of token ids, the label is the next character.
    ///
    /// A role's speeches are joined by an empty line's newline in the order of the text. Windows start every 10
    /// characters; the last tenth of each role's text is the test part, and no window reaches from one part into the
    /// other. Roles are numbered by name; those with less than 1,000 characters are left out, which leaves 141.
    func speeches() throws(DatasetError) -> DatasetPair {
        var reader = try ByteReader(folder.appendingPathComponent("input.txt"), dataFolder: root)
        let bytes = try reader.readToEnd(limit: 1 << 26)
        let roles = RoleTexts(try tokens(of: bytes, reader), newline: 0)
        let texts = roles.texts(minimumLength: Self.minimumRoleLength)
        guard !texts.isEmpty else {
            throw .malformed(
                file: reader.path, at: reader.position(0),
                cause: "no block 'NAME:' has a role with \(Self.minimumRoleLength) characters")
        }
        return DatasetPair(
            train: windows(texts) { 0..<($0 - $0 / Self.testFraction) },
            test: windows(texts) { ($0 - $0 / Self.testFraction)..<$0 })
    }

    private func tokens(of bytes: [UInt8], _ reader: borrowing ByteReader) throws(DatasetError) -> [UInt8] {
        var table = [UInt8](repeating: .max, count: 256)
        for (token, byte) in Self.alphabet.enumerated() { table[Int(byte)] = UInt8(token) }
        var tokens: [UInt8] = []
        tokens.reserveCapacity(bytes.count)
        for (offset, byte) in bytes.enumerated() {
            let token = table[Int(byte)]
            guard token != .max else {
                throw .malformed(
                    file: reader.path, at: reader.position(offset),
                    cause: "byte \(byte) is none of the \(Self.alphabet.count) characters of the set")
            }
            tokens.append(token)
        }
        return tokens
    }

    private func windows(_ texts: [[UInt8]], _ part: (Int) -> Range<Int>) -> Dataset {
        var inputs: [Float] = []
        var labels: [Int32] = []
        var roles: [Int32] = []
        for (role, text) in texts.enumerated() {
            let range = part(text.count)
            for start in stride(
                from: range.lowerBound, to: range.upperBound - Self.contextLength, by: Self.windowStride)
            {
                let end = start + Self.contextLength
                inputs.append(contentsOf: text[start..<end].lazy.map { Float($0) })
                labels.append(Int32(text[end]))
                roles.append(Int32(role))
            }
        }
        return Dataset(
            inputShape: [Self.contextLength], inputs: inputs, labels: labels, classCount: Self.alphabet.count,
            clientIDs: roles, classNames: Self.alphabet.map { String(UnicodeScalar($0)) })
    }
}

/// What each role says in a play, in tokens.
///
/// Blocks are separated by empty lines; a block whose first line ends in a colon is a speech of the role that the line
/// names. All other blocks are skipped.
struct RoleTexts {
    private var speeches: [[UInt8]: [UInt8]] = [:]
    private let newline: UInt8

    /// Splits a text; `newline` is the token of the line's end, and names and speeches are compared as tokens.
    init(_ tokens: [UInt8], newline: UInt8) {
        self.newline = newline
        var block: [ArraySlice<UInt8>] = []
        for line in tokens.split(separator: newline, omittingEmptySubsequences: false) {
            if line.isEmpty {
                add(block)
                block = []
            } else {
                block.append(line)
            }
        }
        add(block)
    }

    /// The texts of at least `minimumLength` tokens, ordered by the role's name.
    func texts(minimumLength: Int) -> [[UInt8]] {
        speeches.filter { $0.value.count >= minimumLength }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map(\.value)
    }

    private static let colon = NamedFolder.alphabet.firstIndex(of: UInt8(ascii: ":")).map { UInt8($0) }

    private mutating func add(_ block: [ArraySlice<UInt8>]) {
        guard let name = block.first, name.last == Self.colon, block.count > 1 else { return }
        for line in block.dropFirst() {
            speeches[Array(name), default: []] += line
            speeches[Array(name), default: []].append(newline)
        }
    }
}
