import Datasets
import Federation
import Yams

extension Scenario {
    /// Reads a scenario file.
    ///
    /// - Throws: `ConfigurationError` that names the file, the line, the key and what is allowed.
    public init(path: String) throws(ConfigurationError) { try self.init(YAMLFile.read(path)) }

    /// Reads the text of a scenario; `file` is what messages call it.
    public init(text: String, file: String = "scenario") throws(ConfigurationError) {
        try self.init(YAMLFile.parse(text, file: file))
    }

    private init(_ top: YAMLValue) throws(ConfigurationError) {
        let own = ["name", "target_accuracy", "arms"]
        let mapping = try top.mapping(own + Self.sharedKeys)
        name = try mapping.required("name").text(upTo: 100)
        seed = try mapping.read("seed", or: 1) { value throws(ConfigurationError) in try value.unsigned() }
        targetAccuracy = try mapping.read("target_accuracy") { value throws(ConfigurationError) in
            try value.number(above: 0, upTo: 1)
        }
        arms = try Self.arms(mapping, own: Set(own))
    }

    private static func arms(_ scenario: YAMLMapping, own: Set<String>) throws(ConfigurationError) -> [ScenarioArm] {
        guard let list = scenario["arms"] else {
            let empty = YAMLValue(
                file: scenario.whole.file, path: [], node: .mapping(.init([])), fallbackLine: scenario.whole.line)
            return [try arm(empty, named: "int8", in: scenario, own: own)]
        }
        let values = try list.list()
        guard (1...64).contains(values.count) else {
            throw list.failure("has \(values.count) arms; allowed are 1 to 64")
        }
        var arms: [ScenarioArm] = []
        for value in values {
            let keys = try value.mapping(["name"] + armKeys + sharedKeys)
            let name = try armName(keys.required("name"))
            guard !arms.contains(where: { $0.name == name }) else {
                throw try keys.required("name").failure("'\(name)' names two arms; give each its own name")
            }
            arms.append(try arm(value, named: name, in: scenario, own: own))
        }
        return arms
    }

    private static func arm(
        _ value: YAMLValue, named name: String, in scenario: YAMLMapping, own: Set<String>
    ) throws(ConfigurationError) -> ScenarioArm {
        let merged = scenario.whole.merged(with: value, dropping: own, deep: ["local", "server"])
        return try ScenarioArm(name: name, merged.mapping(["name"] + armKeys + sharedKeys))
    }

    private static func armName(_ value: YAMLValue) throws(ConfigurationError) -> String {
        let name = try value.text(upTo: 64)
        let isPlain = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "._+-".utf8.contains(byte)
        }
        guard isPlain, !name.hasPrefix("."), !name.hasPrefix("-") else {
            throw value.failure(
                "is '\(name)'; allowed are letters, digits, '.', '_', '+' and '-', for it names a folder")
        }
        return name
    }
}

extension ScenarioArm {
    init(name: String, _ mapping: YAMLMapping) throws(ConfigurationError) {
        self.name = name
        seed = try mapping.read("seed", or: 1) { value throws(ConfigurationError) in try value.unsigned() }
        mode = try mapping.read("mode", or: .processes) { value throws(ConfigurationError) in
            try value.word(Scenario.Mode.self)
        }
        workers = try mapping.read("workers") { value throws(ConfigurationError) in try value.integer(1...256) }
        dataset = try DatasetSpec(mapping.required("dataset"))
        partition = try mapping.read("partition", or: .iid) { value throws(ConfigurationError) in
            try value.decoded(Partition.self)
        }
        clients = try mapping.required("clients").integer(1...100_000)
        links = try mapping.read("links") { value throws(ConfigurationError) in try LinkPlan(value) }
        exports = try mapping.read("export", or: []) { value throws(ConfigurationError) in
            try value.linkedDevices()
        }
        run = try RunSettings(mapping)
        if run.buffered != nil, links == nil {
            throw try mapping.required("buffered").failure(
                "needs 'links': the time that updates take on them says in which order they count")
        }
        if case .count(let count) = run.cohort, count > clients {
            throw try mapping.required("cohort").failure(
                "is \(count), but there are \(clients) clients; allowed is 1 to \(clients), or all")
        }
    }
}
