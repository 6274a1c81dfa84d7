import Datasets

extension DatasetSpec {
    /// Reads a name or a mapping with a `kind`.
    init(_ value: YAMLValue) throws(ConfigurationError) {
        switch value.node {
        case .scalar: _ = try value.word(NamedDataset.allCases.map(\.rawValue) + ["gestures"])
        case .mapping(let mapping):
            guard let kind = mapping["kind"] else { throw value.failure("needs the key 'kind'") }
            _ = try value.child("kind", kind).word(FileDatasetSpec.Kind.allCases.map(\.rawValue) + ["gestures"])
        default: throw value.failure("should be a name or a mapping with a kind, not \(value.shown)")
        }
        self = try value.decoded(DatasetSpec.self)
    }
}
