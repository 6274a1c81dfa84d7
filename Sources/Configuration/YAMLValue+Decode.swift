import Yams

extension YAMLValue {
    /// A value whose type reads itself; its complaint gets the line of the node that it is about.
    func decoded<Value: Decodable>(_ type: Value.Type) throws(ConfigurationError) -> Value {
        do {
            return try YAMLDecoder().decode(type, from: node)
        } catch let error as DecodingError {
            throw failure(error)
        } catch {
            throw failure("\(error)")
        }
    }

    private func failure(_ error: DecodingError) -> ConfigurationError {
        let (context, problem): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                (context, "has the wrong type: \(context.debugDescription)")
            case .keyNotFound(let key, let context): (context, "needs the key '\(key.stringValue)'")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (.init(codingPath: [], debugDescription: ""), "\(error)")
            }
        var place = self
        for key in context.codingPath {
            guard let next = place.descendant(key) else { break }
            place = next
        }
        return place.failure(problem, at: place.keyNode(namedIn: problem))
    }

    private func descendant(_ key: any CodingKey) -> YAMLValue? {
        switch node {
        case .mapping(let mapping):
            guard let value = mapping.first(where: { $0.key.scalar?.string == key.stringValue })?.value else {
                return nil
            }
            return child(key.stringValue, value)
        case .sequence(let sequence):
            guard let index = key.intValue, sequence.indices.contains(index) else { return nil }
            return child("\(index)", sequence[index])
        default: return nil
        }
    }

    /// The key that a message quotes, where the place of the error is only the mapping around it.
    private func keyNode(namedIn problem: String) -> Node? {
        guard problem.hasPrefix("unknown"), case .mapping(let mapping) = node else { return nil }
        return mapping.first { pair in
            pair.key.scalar.map { problem.contains("'\($0.string)'") } ?? false
        }?.key
    }
}
