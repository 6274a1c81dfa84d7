import Datasets
import Messages

extension FederationFile {
    private static let keys =
        [
            "name", "federation", "seed", "bind", "state_directory", "identity_file", "root_key", "approved_clients",
            "data_directory", "evaluation", "input_shape", "classes", "minimum_clients", "enrolment_deadline_seconds",
            "heartbeat_seconds", "finish_grace_seconds", "links",
        ] + RunSettings.keys

    /// Reads a federation file.
    ///
    /// - Throws: `ConfigurationError` that names the file, the line, the key and what is allowed.
    public init(path: String) throws(ConfigurationError) { try self.init(YAMLFile.read(path)) }

    /// Reads the text of a federation file; `file` is what messages call it and where relative paths begin.
    public init(text: String, file: String) throws(ConfigurationError) {
        try self.init(YAMLFile.parse(text, file: file))
    }

    private init(_ top: YAMLValue) throws(ConfigurationError) {
        let mapping = try top.mapping(Self.keys)
        let state = try mapping.required("state_directory").filePath()
        self.init(
            name: try mapping.required("name").text(upTo: 100),
            federation: try mapping.read("federation") { value throws(ConfigurationError) in
                try value.hexadecimal(FederationID.self)
            },
            seed: try mapping.read("seed", or: 1) { value throws(ConfigurationError) in try value.unsigned() },
            bind: try mapping.required("bind").endpoint(allowingAnyPort: true), stateDirectory: state,
            identityFile: try mapping.path("identity_file"),
            rootKey: try mapping.read("root_key") { value throws(ConfigurationError) in
                try value.hexadecimal(PublicKeyBytes.self)
            },
            approvedClientsFile: try mapping.path("approved_clients"),
            dataDirectory: try mapping.path("data_directory"),
            evaluation: try mapping.read("evaluation") { value throws(ConfigurationError) in try .init(value) },
            inputShape: try mapping.read("input_shape", Self.shape),
            classCount: try mapping.read("classes") { value throws(ConfigurationError) in
                try value.integer(2...1_000_000)
            },
            run: try RunSettings(mapping),
            minimumClients: try mapping.read("minimum_clients", or: 1) { value throws(ConfigurationError) in
                try value.integer(1...1_000_000)
            },
            enrolmentDeadline: try mapping.seconds("enrolment_deadline_seconds"),
            heartbeat: try mapping.seconds("heartbeat_seconds") ?? .seconds(30),
            finishGrace: try mapping.seconds("finish_grace_seconds") ?? .seconds(10))
        links = try mapping.read("links") { value throws(ConfigurationError) in try LinkPlan(value) }
        guard evaluation != nil || (inputShape != nil && classCount != nil) else {
            throw top.failure(
                "needs 'evaluation', or else both 'input_shape' and 'classes': the model's size depends on them")
        }
    }

    private static func shape(_ value: YAMLValue) throws(ConfigurationError) -> [Int] {
        var sizes: [Int] = []
        for size in try value.list() { sizes.append(try size.integer(1...1 << 24)) }
        guard (1...3).contains(sizes.count) else { throw value.failure("has \(sizes.count) sizes; allowed are 1 to 3") }
        return sizes
    }

    /// The file as YAML, with every setting that has a value.
    public func yaml() throws(ConfigurationError) -> String { try YAMLText.text(encoded) }

    /// Writes the file.
    public func write(to path: String) throws(ConfigurationError) { try YAMLText.write(encoded, to: path) }

    private var encoded: EncodedMapping {
        EncodedMapping(
            [
                ("name", name), ("federation", federation?.hex), ("seed", seed), ("bind", bind),
                ("state_directory", stateDirectory), ("identity_file", identityFile),
                ("root_key", rootKey?.hex),
                ("approved_clients", approvedClientsFile), ("data_directory", dataDirectory),
                ("evaluation", evaluation), ("input_shape", inputShape), ("classes", classCount),
                ("minimum_clients", minimumClients),
                ("enrolment_deadline_seconds", enrolmentDeadline?.inSeconds),
                ("heartbeat_seconds", heartbeat.inSeconds), ("finish_grace_seconds", finishGrace.inSeconds),
                ("links", links?.encoded),
            ] + run.encoded)
    }
}

extension YAMLMapping {
    func path(_ key: String) throws(ConfigurationError) -> String? {
        try read(key) { value throws(ConfigurationError) in try value.filePath() }
    }

    func seconds(_ key: String) throws(ConfigurationError) -> Duration? {
        try read(key) { value throws(ConfigurationError) in try value.seconds() }
    }
}
