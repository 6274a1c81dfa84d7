import Configuration
import Federation

/// A method of a comparison: how updates and models travel, and what else of the scenario it changes.
public struct ComparedMethod: Hashable, Sendable {
    /// What it is called; also names its folder.
    public var name: String
    /// The codec of updates.
    public var up: String
    /// How models go out: the first of these that this build knows.
    public var downs: [String]
    /// The step of majority vote; nil: the strategy of the scenario.
    public var voteStep: Float?

    init(_ name: String, up: String, down: [String], voteStep: Float? = nil) {
        self.name = name
        self.up = up
        downs = down
        self.voteStep = voteStep
    }

    /// The methods that are compared by default, the baseline first. A method that says nothing about the downlink, or
    /// whose own is not there, sends int8 lattice differences, which is better than the float32 of its paper.
    public static let all = [
        ComparedMethod("float32", up: "float32", down: ["float32"]),
        ComparedMethod("fp16", up: "fp16", down: ["fp16", "int8"]),
        ComparedMethod("int8", up: "int8", down: ["int8"]),
        // QSGD with 8 bits (Alistarh et al. 2017, arXiv:1610.02132).
        ComparedMethod("qsgd8", up: "qsgd:bits=8", down: ["qsgd:bits=8", "int8"]),
        // Periodic averaging with quantized updates (Reisizadeh et al. 2020, arXiv:1909.13014).
        ComparedMethod("fedpaq", up: "qsgd:bits=4", down: ["int8"]),
        // Sparse ternary compression both ways (Sattler et al. 2019, arXiv:1903.02891).
        ComparedMethod("stc", up: "topk+ternary:p=0.01", down: ["topk+ternary:p=0.01", "int8"]),
        ComparedMethod("topk+fp16", up: "topk+fp16:p=0.01", down: ["topk+fp16:p=0.01", "int8"]),
        // Majority vote (Bernstein et al. 2018, arXiv:1802.04434).
        ComparedMethod("signsgd-vote", up: "signsgd", down: ["signsgd", "int8"], voteStep: 0.002),
        // DRIVE and EDEN at one bit (Vargaftik et al. 2021, arXiv:2105.08339; 2022, arXiv:2108.08842).
        ComparedMethod("drive", up: "rotated-1bit:scale=nearest", down: ["int8"]),
        ComparedMethod("eden", up: "rotated-1bit:scale=unbiased", down: ["int8"]),
        ComparedMethod("kmeans+entropy", up: "kmeans4+entropy", down: ["int8"]),
        .automatic,
    ]

    /// What `compression: auto` stands for, local work and server included.
    public static let automatic = ComparedMethod("auto", up: "auto", down: ["auto"])

    /// The methods of `--quick`.
    public static let quick = all.filter { ["float32", "int8", "stc", "auto"].contains($0.name) }

    /// A method by its name, or the codec of updates with that specification, with int8 models.
    ///
    /// - Throws: `ConfigurationError` for what is neither.
    public static func named(_ text: String) throws(ConfigurationError) -> ComparedMethod {
        if let method = all.first(where: { $0.name == text }) { return method }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let (up, down) = (parts.first ?? text, parts.count > 1 ? parts[1] : "int8")
        _ = try Compression.parsed(up: up, down: down)
        return ComparedMethod(folderName(text), up: up, down: [down])
    }

    private static func folderName(_ text: String) -> String {
        String(
            text.map { character in
                character.isASCII && (character.isLetter || character.isNumber || "._+".contains(character))
                    ? character : "-"
            })
    }

    /// The arm of this method: the scenario's own arm of that name where it has one, or else its first arm with the
    /// compression of the method.
    func arm(in scenario: Scenario) throws(ConfigurationError) -> ScenarioArm? {
        if let own = scenario.arms.first(where: { $0.name == name }) { return own }
        guard var arm = scenario.arms.first else { return nil }
        arm.name = name
        if self == .automatic {
            arm.run.compressAutomatically()
            return arm
        }
        arm.run.compression = try compression()
        if let voteStep {
            arm.run.server.name = .signVote
            arm.run.server.learningRate = voteStep
        }
        return arm
    }

    private func compression() throws(ConfigurationError) -> Compression {
        for down in downs.dropLast() {
            if let known = try? Compression.parsed(up: up, down: down) { return known }
        }
        return try .parsed(up: up, down: downs.last ?? "int8")
    }
}
