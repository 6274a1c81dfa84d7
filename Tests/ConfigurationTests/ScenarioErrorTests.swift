import Configuration
import Testing

struct ScenarioErrorTests {
    /// What is added to a valid scenario of five lines, and what the complaint must be.
    static let cases: [(text: String, line: Int, key: String, words: [String])] = [
        ("round: 3", 6, "", ["unknown key 'round'", "did you mean 'rounds'?"]),
        ("local: {epoch: 1}", 6, "local", ["unknown key 'epoch'", "did you mean 'epochs'?", "batch_size"]),
        ("local:\n  epochs: 1\n  batch_size: many", 8, "local.batch_size", ["whole number", "'many'"]),
        ("local:\n  learning_rate: -1", 7, "local.learning_rate", ["'-1'", "above 0"]),
        ("server: {averaging: -1}", 6, "server.averaging", ["0 to 1000"]),
        ("local: {momentum: 1.0}", 6, "local.momentum", ["0 up to but not including 1"]),
        ("local: 3", 6, "local", ["should be a mapping"]),
        ("server:\n  strategy: fedavgn", 7, "server.strategy", ["did you mean 'fedavg'?", "fedyogi"]),
        ("cohort: 4", 6, "cohort", ["there are 3 clients"]),
        ("cohort: some", 6, "cohort", ["all"]),
        ("quorum: 0.0", 6, "quorum", ["above 0.0, up to 1.0"]),
        ("cohort: 2\nquorum: 3", 7, "quorum", ["the cohort is 2"]),
        ("budget: 20 kB", 6, "budget", ["'20 kB/client/day'"]),
        ("budget: 20 kB/client/week", 6, "budget", ["'20 kB/client/day'"]),
        ("budget: 20 kB/client/day", 6, "budget", ["rounds_per_day"]),
        ("rounds_per_day: 0", 6, "rounds_per_day", ["above 0"]),
        ("target_accuracy: 1.5", 6, "target_accuracy", ["up to 1.0"]),
        ("target_accuracy: .nan", 6, "target_accuracy", ["should be a number"]),
        ("seed: -1", 6, "seed", ["0 or more"]),
        ("mode: process", 6, "mode", ["did you mean 'processes'?", "memory"]),
        ("partition: {dirichlet: 0}", 6, "partition", ["above 0"]),
        ("partition:\n  shard: 2", 7, "partition.shard", ["unknown key", "shards"]),
        ("partition: idd", 6, "partition", ["by-client-id"]),
        ("rounds: 3", 5, "rounds", ["more than once"]),
        ("evaluate_every: 0", 6, "evaluate_every", ["1 to"]),
        ("deadline_seconds:", 6, "deadline_seconds", ["nothing"]),
        ("arms: []", 6, "arms", ["1 to 64"]),
        ("arms:\n  - compression: {up: int8, down: int8}", 7, "arms.0", ["needs the key 'name'"]),
        ("arms:\n  - {name: a}\n  - {name: a}", 8, "arms.1.name", ["two arms"]),
        ("arms:\n  - {name: ../x}", 7, "arms.0.name", ["names a folder"]),
        ("arms:\n  - name: a\n    compression: {up: int9, down: int8}", 8, "arms.0.compression.up", ["'int8'"]),
        ("arms:\n  - name: a\n    compression: {up: int8}", 8, "arms.0.compression", ["needs the key 'down'"]),
        ("arms:\n  - name: a\n    compression: some", 8, "arms.0.compression", ["auto, {up: codec, down: codec}"]),
        ("arms:\n  - name: a\n    compression: {up: int8, down: int9}", 8, "arms.0.compression.down", ["'int8'"]),
        (
            "arms:\n  - name: a\n    compression: {up: int8, down: int8, predict: up}", 8, "arms.0.compression.predict",
            ["is up", "auto, lowrank or entropy"]
        ),
        (
            "cohort: 2\narms:\n  - name: a\n    compression: {up: auto, down: auto, predict: both}", 9,
            "arms.0.compression.predict", ["unless the cohort is all"]
        ),
        (
            "arms:\n  - name: a\n    compression: {up: auto, down: auto, predict: left}", 8,
            "arms.0.compression.predict", ["both"]
        ),
        (
            "arms:\n  - name: a\n    compression: {up: auto, down: auto, residual_half_life: 0}", 8,
            "arms.0.compression.residual_half_life", ["above 0"]
        ),
        (
            "arms:\n  - name: a\n    compression: {up: 'auto:to=0.1', down: auto}", 8, "arms.0.compression.up",
            ["no codec"]
        ),
        ("arms:\n  - name: a\n    privacy: some", 8, "arms.0.privacy", ["{clip_norm: x}"]),
        ("arms:\n  - name: a\n    privacy: {clip_norm: 0}", 8, "arms.0.privacy.clip_norm", ["above 0"]),
        ("arms:\n  - name: a\n    local: {epochs: 0}", 8, "arms.0.local.epochs", ["is 0"]),
        ("arms:\n  - name: a\n    target_accuracy: 0.5", 8, "arms.0", ["unknown key 'target_accuracy'"]),
        ("local: {epochs: 0}\narms:\n  - name: a", 6, "local.epochs", ["is 0"]),
        ("a: [", 7, "", ["not valid YAML"]),
    ]

    @Test(arguments: cases.indices)
    func complaintsNameLineKeyAndWhatIsAllowed(index: Int) throws {
        let expected = Self.cases[index]
        let text = "name: s\ndataset: gestures\nclients: 3\nmodel: linear\nrounds: 2\n" + expected.text + "\n"
        let error = try #require(throws: ConfigurationError.self) { try Scenario(text: text, file: "s.yaml") }
        guard case .invalid(let file, let line, let key, let problem) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(file == "s.yaml")
        #expect(line == expected.line, "\(error)")
        #expect(key == expected.key, "\(error)")
        for word in expected.words { #expect(problem.contains(word), "\(error)") }
        let place = key.isEmpty ? "s.yaml:\(line): " : "s.yaml:\(line): \(key): "
        #expect(error.description.hasPrefix(place))
    }

    static let models: [(model: String, line: Int, word: String)] = [
        ("cnn-28x29", 2, "did you mean 'cnn-28x28'?"),
        ("3", 2, "'3'"),
        ("[]", 2, "no layers"),
        ("\n  - relu\n  - {conv2d: {out: 3}}", 4, "needs the key 'kernel'"),
        ("\n  - relu\n  - rellu", 4, "unknown layer 'rellu'"),
        ("\n  - conv2d:\n      out: 3\n      kernal: 3", 5, "unknown key 'kernal'"),
        ("\n  - dense: many", 3, "dense"),
    ]

    @Test(arguments: models.indices)
    func layersKeepTheirLines(index: Int) throws {
        let expected = Self.models[index]
        let text = "name: s\nmodel: " + expected.model + "\ndataset: gestures\nclients: 3\nrounds: 2\n"
        let error = try #require(throws: ConfigurationError.self) { try Scenario(text: text, file: "s.yaml") }
        guard case .invalid(_, let line, let key, let problem) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(line == expected.line, "\(error)")
        #expect(key.hasPrefix("model"), "\(error)")
        #expect("\(key) \(problem)".contains(expected.word), "\(error)")
    }

    static let datasets: [(dataset: String, line: Int, word: String)] = [
        ("minst", 2, "did you mean 'mnist'?"),
        ("{kind: idz}", 2, "'idx'"),
        ("{train_inputs: a}", 2, "needs the key 'kind'"),
        ("\n  kind: npy\n  train_input: a", 4, "unknown key 'train_input'"),
        ("{kind: npy, train_inputs: a}", 2, "train_labels"),
        ("[a]", 2, "should be a name or a mapping"),
        ("\n  kind: gestures\n  noise: 11", 3, "noise"),
    ]

    @Test(arguments: datasets.indices)
    func dataSetsKeepTheirLines(index: Int) throws {
        let expected = Self.datasets[index]
        let text = "name: s\ndataset: " + expected.dataset + "\nmodel: linear\nclients: 3\nrounds: 2\n"
        let error = try #require(throws: ConfigurationError.self) { try Scenario(text: text, file: "s.yaml") }
        guard case .invalid(_, let line, let key, let problem) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(line == expected.line, "\(error)")
        #expect(key.hasPrefix("dataset"), "\(error)")
        #expect(problem.contains(expected.word), "\(error)")
    }

    @Test(arguments: ["name", "dataset", "clients", "model", "rounds"])
    func missingKeysAreNamed(key: String) throws {
        let lines = ["name: s", "dataset: gestures", "clients: 3", "model: linear", "rounds: 2"]
        let text = lines.filter { !$0.hasPrefix(key) }.joined(separator: "\n")
        let error = try #require(throws: ConfigurationError.self) { try Scenario(text: text, file: "s.yaml") }
        #expect("\(error)".contains("needs the key '\(key)'"))
    }

    @Test(arguments: ["", "   ", "# nothing", "- a", "text", "a: b: c", "\u{0}", "name: &a [*a]"])
    func otherTextIsRefused(text: String) {
        #expect(throws: ConfigurationError.self) { try Scenario(text: text) }
    }

    @Test func aMissingFileIsNamed() throws {
        let error = try #require(throws: ConfigurationError.self) { try Scenario(path: "/nonexistent/s.yaml") }
        #expect(error.description.hasPrefix("/nonexistent/s.yaml: cannot be read"))
    }
}
