import Training

/// The `model` of a scenario or a federation: a built-in name or a list of layers.
public enum ModelChoice: Hashable, Sendable {
    /// One of `ModelSpec.builtInNames`.
    case builtIn(String)
    /// Layers in order; the shape of the input comes from the data.
    case layers([LayerSpec])

    /// The model for data of a shape.
    ///
    /// - Parameters:
    ///   - inputShape: of one sample: `[C, H, W]`, `[C, T]` or `[T]`.
    ///   - classCount: 2 or more.
    /// - Throws: `TrainingError` when the layers do not fit the input or the classes.
    public func spec(inputShape: [Int], classCount: Int) throws(TrainingError) -> ModelSpec {
        switch self {
        case .builtIn(let name): return try .builtIn(name, inputShape: inputShape, classCount: classCount)
        case .layers(let layers):
            let spec = ModelSpec(name: "custom", inputShape: inputShape, classCount: classCount, layers: layers)
            _ = try spec.layout()
            return spec
        }
    }

    init(_ value: YAMLValue) throws(ConfigurationError) {
        guard value.isList else {
            self = .builtIn(try value.word(ModelSpec.builtInNames))
            return
        }
        let layers = try value.decoded([LayerSpec].self)
        guard !layers.isEmpty else { throw value.failure("has no layers") }
        self = .layers(layers)
    }
}

extension ModelChoice: Encodable {
    /// Writes the form that files have.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .builtIn(let name): try name.encode(to: encoder)
        case .layers(let layers): try layers.encode(to: encoder)
        }
    }
}
