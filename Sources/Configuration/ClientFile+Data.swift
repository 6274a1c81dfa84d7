import Datasets

extension ClientFile.Data {
    private static let ownKeys = ["kind", "inputs", "labels", "input_scale", "input_shift", "input_shape"]
    private static let shareKeys = ["dataset", "partition", "clients", "client", "seed"]

    init(_ value: YAMLValue) throws(ConfigurationError) {
        guard value.isMapping else {
            throw value.failure(
                "should be a mapping with 'kind' (own files) or 'dataset' (a share), not \(value.shown)")
        }
        self = value.entry("dataset") == nil ? try Self.own(value) : try Self.share(value)
    }

    private static func own(_ value: YAMLValue) throws(ConfigurationError) -> Self {
        let mapping = try value.mapping(ownKeys)
        let kind = try mapping.required("kind").word(FileDatasetSpec.Kind.self)
        let inputs = try mapping.required("inputs").text()
        let labels = try mapping.required("labels").nameOrNumber()
        return .own(
            FileDatasetSpec(
                kind: kind, trainInputs: inputs, trainLabels: labels, testInputs: inputs, testLabels: labels,
                inputScale: try mapping.read("input_scale") { value throws(ConfigurationError) in try value.float() },
                inputShift: try mapping.read("input_shift") { value throws(ConfigurationError) in try value.float() },
                inputShape: try mapping.read("input_shape") { value throws(ConfigurationError) in
                    try value.decoded([Int].self)
                }))
    }

    private static func share(_ value: YAMLValue) throws(ConfigurationError) -> Self {
        let mapping = try value.mapping(shareKeys)
        let clients = try mapping.required("clients").integer(1...100_000)
        return .share(
            of: try DatasetSpec(mapping.required("dataset")),
            partition: try mapping.read("partition", or: .iid) { value throws(ConfigurationError) in
                try value.decoded(Partition.self)
            },
            clients: clients, client: try mapping.required("client").integer(0...clients - 1),
            seed: try mapping.read("seed", or: 1) { value throws(ConfigurationError) in try value.unsigned() })
    }

    var encoded: EncodedMapping {
        switch self {
        case .own(let files):
            EncodedMapping([
                ("kind", files.kind.rawValue), ("inputs", files.trainInputs), ("labels", files.trainLabels),
                ("input_scale", files.inputScale), ("input_shift", files.inputShift),
                ("input_shape", files.inputShape),
            ])
        case .share(let dataset, let partition, let clients, let client, let seed):
            EncodedMapping([
                ("dataset", dataset), ("partition", partition), ("clients", clients), ("client", client),
                ("seed", seed),
            ])
        }
    }
}

extension YAMLValue {
    /// Text, or a whole number as text: columns are named or counted.
    func nameOrNumber() throws(ConfigurationError) -> String {
        if isInteger, let scalar { return scalar }
        return try text()
    }
}
