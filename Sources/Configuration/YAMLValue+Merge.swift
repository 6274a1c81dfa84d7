import Yams

extension YAMLValue {
    /// This mapping with the entries of another in place of its own; mappings under the keys `deep` are merged as well.
    ///
    /// Every node keeps its line, so a complaint about the result names the line that is to blame.
    func merged(with other: YAMLValue, dropping dropped: Set<String>, deep: Set<String>) -> YAMLValue {
        guard case .mapping(let mine) = node, case .mapping(let theirs) = other.node else { return other }
        var pairs = mine.filter { !dropped.contains($0.key.scalar?.string ?? "") }.map { ($0.key, $0.value) }
        for (key, value) in theirs {
            let name = key.scalar?.string ?? ""
            guard let index = pairs.firstIndex(where: { $0.0.scalar?.string == name }) else {
                pairs.append((key, value))
                continue
            }
            let merged =
                deep.contains(name)
                ? child(name, pairs[index].1).merged(with: other.child(name, value), dropping: [], deep: []).node
                : value
            pairs[index] = (key, merged)
        }
        var result = YAMLValue(
            file: file, path: other.path, node: .mapping(.init(pairs, .implicit, .any, theirs.mark)),
            fallbackLine: other.line)
        let given = Set(theirs.map { $0.key.scalar?.string ?? "" })
        if path.isEmpty { result.inherited = Set(pairs.map { $0.0.scalar?.string ?? "" }).subtracting(given) }
        return result
    }
}
