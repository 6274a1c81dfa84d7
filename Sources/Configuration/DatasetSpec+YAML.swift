import Datasets

extension DatasetSpec {
    /// Reads a name or a mapping with a `kind`.
    init(_ value: YAMLValue) throws(ConfigurationError) {
        if value.scalar != nil {
            _ = try value.word(NamedDataset.allCases.map(\.rawValue) + ["gestures"])
        } else if value.isMapping {
            guard let kind = value.entry("kind") else { throw value.failure("needs the key 'kind'") }
            _ = try kind.word(FileDatasetSpec.Kind.allCases.map(\.rawValue) + ["gestures"])
        } else {
            throw value.failure("should be a name or a mapping with a kind, not \(value.shown)")
        }
        self = try value.decoded(DatasetSpec.self)
    }
}
