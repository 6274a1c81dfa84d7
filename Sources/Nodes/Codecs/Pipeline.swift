import UpdateCodec

/// A codec as a user asks for it.
public struct Pipeline: Sendable {
    /// The specification that was asked for.
    public let name: String
    /// What it stands for.
    public let codec: any UpdateCodec

    /// Finds a codec, and drives it to a distortion if it is one that can be driven and has no target of its own.
    ///
    /// - Parameter nmse: ‖x − x̂‖² / ‖x‖² to aim at, 1e-6...1, or nil.
    /// - Throws: what `UpdateCodecs.named` throws.
    public init(_ name: String, nmse: Double? = nil) throws(CodecError) {
        self.name = name
        let plain = try UpdateCodecs.named(name)
        guard let nmse else {
            codec = plain
            return
        }
        _ = try UpdateCodecs.named("auto:nmse=\(nmse)")
        let driven = name + (name.contains(":") ? "," : ":") + "nmse=\(nmse)"
        do throws(CodecError) { codec = try UpdateCodecs.named(driven) } catch { codec = plain }
    }

    /// Every known codec once, and those that can be driven once for each target.
    ///
    /// - Throws: what `UpdateCodecs.named` throws.
    public static func list(_ names: [String], nmse targets: [Double]) throws(CodecError) -> [Pipeline] {
        var pipelines: [Pipeline] = []
        for name in names {
            var known: Set<String> = []
            for target in targets.isEmpty ? [nil] : targets.map({ Optional($0) }) {
                let pipeline = try Pipeline(name, nmse: target)
                if known.insert(pipeline.codec.name).inserted { pipelines.append(pipeline) }
            }
        }
        return pipelines
    }
}
