import Messages

extension ClientFile {
    private static let keys = [
        "name", "coordinator", "state_directory", "identity_file", "data_directory", "data", "threads",
        "device_profile", "heartbeat_seconds",
    ]
    private static let coordinatorKeys = ["endpoint", "transport_key", "identity_key", "root_key"]

    /// Reads a client file.
    ///
    /// - Throws: `ConfigurationError` that names the file, the line, the key and what is allowed.
    public init(path: String) throws(ConfigurationError) { try self.init(YAMLFile.read(path)) }

    /// Reads the text of a client file; `file` is what messages call it and where relative paths begin.
    public init(text: String, file: String) throws(ConfigurationError) {
        try self.init(YAMLFile.parse(text, file: file))
    }

    private init(_ top: YAMLValue) throws(ConfigurationError) {
        let mapping = try top.mapping(Self.keys)
        let coordinator = try mapping.required("coordinator").mapping(Self.coordinatorKeys)
        self.init(
            name: try mapping.required("name").text(upTo: 100),
            endpoint: try coordinator.required("endpoint").endpoint(allowingAnyPort: false),
            coordinatorTransportKey: try coordinator.required("transport_key").hexadecimal(PeerID.self),
            coordinatorIdentity: try coordinator.required("identity_key").hexadecimal(PublicKeyBytes.self),
            rootKey: try coordinator.read("root_key") { value throws(ConfigurationError) in
                try value.hexadecimal(PublicKeyBytes.self)
            },
            stateDirectory: try mapping.required("state_directory").filePath(),
            identityFile: try mapping.path("identity_file"), dataDirectory: try mapping.path("data_directory"),
            data: try Data(mapping.required("data")),
            threads: try mapping.read("threads", or: 1) { value throws(ConfigurationError) in
                try value.integer(1...256)
            },
            deviceProfile: try mapping.read("device_profile") { value throws(ConfigurationError) in
                try value.text(upTo: ProtocolLimits.textByteCount)
            },
            heartbeat: try mapping.seconds("heartbeat_seconds") ?? .seconds(30))
    }

    /// The file as YAML, with every setting that has a value.
    public func yaml() throws(ConfigurationError) -> String { try YAMLText.text(encoded) }

    /// Writes the file.
    public func write(to path: String) throws(ConfigurationError) { try YAMLText.write(encoded, to: path) }

    private var encoded: EncodedMapping {
        EncodedMapping([
            ("name", name),
            (
                "coordinator",
                EncodedMapping([
                    ("endpoint", endpoint), ("transport_key", coordinatorTransportKey.hex),
                    ("identity_key", coordinatorIdentity.hex), ("root_key", rootKey?.hex),
                ])
            ),
            ("state_directory", stateDirectory), ("identity_file", identityFile), ("data_directory", dataDirectory),
            ("data", data.encoded), ("threads", threads), ("device_profile", deviceProfile),
            ("heartbeat_seconds", heartbeat.inSeconds),
        ])
    }
}
