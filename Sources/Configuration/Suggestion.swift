/// Finds what a mistyped word was probably meant to be.
enum Suggestion {
    /// `; did you mean 'x'?` and `; allowed: …` in one text, for the end of a message.
    static func hint(_ word: String, among allowed: [String]) -> String {
        let list = "; allowed: " + allowed.joined(separator: ", ")
        guard let close = closest(to: word, among: allowed) else { return list }
        return "; did you mean '\(close)'?" + list
    }

    /// The nearest word, if at most a third of its letters (one at least) are wrong.
    static func closest(to word: String, among allowed: [String]) -> String? {
        let ranked = allowed.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, best.word.count / 3) ? best.word : nil
    }

    /// Edits (insert, delete, replace, swap neighbours) from one word to the other: optimal string alignment.
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first), Array(second))
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
