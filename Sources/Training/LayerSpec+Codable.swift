/// A key that is only known when it is read.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == AnyKey {
    /// Refuses keys other than `allowed`.
    func allowOnly(_ allowed: [String], in subject: String) throws {
        for key in allKeys where !allowed.contains(key.stringValue) {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription:
                        "unknown key '\(key.stringValue)' in \(subject); allowed: \(allowed.joined(separator: ", "))"))
        }
    }

    func required<Value: Decodable>(_ name: String, _ type: Value.Type, in subject: String) throws -> Value {
        guard contains(AnyKey(name)) else {
            throw DecodingError.keyNotFound(
                AnyKey(name), .init(codingPath: codingPath, debugDescription: "\(subject) needs '\(name)'"))
        }
        return try decode(type, forKey: AnyKey(name))
    }

    func optional<Value: Decodable>(_ name: String, _ fallback: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: AnyKey(name)) ?? fallback
    }
}

extension Padding: Codable {
    /// Reads a number or the word `same`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self) {
            self = .zeros(count)
        } else if (try? container.decode(String.self)) == "same" {
            self = .same
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "padding is a whole number or the word 'same'")
        }
    }

    /// Writes a number or the word `same`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .zeros(let count): try container.encode(count)
        case .same: try container.encode("same")
        }
    }
}

extension LayerSpec: Codable {
    /// Reads a bare name or a mapping with one key.
    ///
    /// - Throws: `DecodingError` with the place and the allowed names for an unknown layer, an unknown or missing setting,
    ///   a setting of the wrong type.
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {
            self = try Self.bare(name, decoder)
            return
        }
        let container = try decoder.container(keyedBy: AnyKey.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a layer is a name or a mapping with one key, the name of the layer"))
        }
        self = try Self.configured(key, container)
    }

    private static func bare(_ name: String, _ decoder: any Decoder) throws -> LayerSpec {
        switch name {
        case "relu": .relu
        case "relu6": .relu6
        case "globalaveragepool": .globalAveragePool
        case "flatten": .flatten
        case "batchnorm": .batchNorm
        case let other where settableNames.contains(other):
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "layer '\(other)' needs settings"))
        default: throw unknown(name, decoder.codingPath)
        }
    }

    private static func unknown(_ name: String, _ path: [any CodingKey]) -> DecodingError {
        let known = (bareNames + settableNames).sorted().joined(separator: ", ")
        return .dataCorrupted(
            .init(codingPath: path, debugDescription: "unknown layer '\(name)'; known layers: \(known)"))
    }

    private static func configured(_ key: AnyKey, _ container: KeyedDecodingContainer<AnyKey>) throws -> LayerSpec {
        let name = key.stringValue
        switch name {
        case "conv1d", "conv2d", "depthwiseconv2d": return try convolution(name, container)
        case "maxpool1d": return .maxpool1d(try pool(key, container))
        case "maxpool2d": return .maxpool2d(try pool(key, container))
        case "avgpool1d": return .avgpool1d(try pool(key, container))
        case "avgpool2d": return .avgpool2d(try pool(key, container))
        case "dense":
            if let out = try? container.decode(Int.self, forKey: key) { return .dense(out: out) }
            let settings = try settings(key, container, ["bias", "out"])
            return .dense(
                out: try settings.required("out", Int.self, in: name), bias: try settings.optional("bias", true))
        case "embedding":
            let settings = try settings(key, container, ["dimension", "vocabulary"])
            return .embedding(
                vocabulary: try settings.required("vocabulary", Int.self, in: name),
                dimension: try settings.required("dimension", Int.self, in: name))
        case "gru":
            if let units = try? container.decode(Int.self, forKey: key) { return .gru(units: units) }
            let settings = try settings(key, container, ["every_step", "units"])
            return .gru(
                units: try settings.required("units", Int.self, in: name),
                everyStep: try settings.optional("every_step", false))
        case "residual":
            if (try? container.nestedUnkeyedContainer(forKey: key)) != nil {
                return .residual(body: try container.decode([LayerSpec].self, forKey: key))
            }
            let settings = try settings(key, container, ["body", "shortcut"])
            return .residual(
                body: try settings.required("body", [LayerSpec].self, in: name),
                shortcut: try settings.optional("shortcut", []))
        case let other where bareNames.contains(other):
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: "layer '\(other)' has no settings"))
        default: throw unknown(name, container.codingPath)
        }
    }

    private static func settings(
        _ key: AnyKey, _ container: KeyedDecodingContainer<AnyKey>, _ allowed: [String]
    ) throws -> KeyedDecodingContainer<AnyKey> {
        let settings = try container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
        try settings.allowOnly(allowed, in: key.stringValue)
        return settings
    }

    private static func convolution(
        _ name: String, _ container: KeyedDecodingContainer<AnyKey>
    ) throws -> LayerSpec {
        let isDepthwise = name == "depthwiseconv2d"
        let key = AnyKey(name)
        if isDepthwise, let kernel = try? container.decode(Int.self, forKey: key) {
            return .depthwiseConv2d(window: Window(kernel: kernel))
        }
        let allowed = ["bias", "kernel", "padding", "stride"] + (isDepthwise ? [] : ["out"])
        let settings = try settings(key, container, allowed.sorted())
        let window = Window(
            kernel: try settings.required("kernel", Int.self, in: name), stride: try settings.optional("stride", 1),
            padding: try settings.optional("padding", .zeros(0)))
        let bias = try settings.optional("bias", true)
        if isDepthwise { return .depthwiseConv2d(window: window, bias: bias) }
        let out = try settings.required("out", Int.self, in: name)
        return name == "conv1d"
            ? .conv1d(out: out, window: window, bias: bias) : .conv2d(out: out, window: window, bias: bias)
    }

    private static func pool(_ key: AnyKey, _ container: KeyedDecodingContainer<AnyKey>) throws -> Window {
        if let size = try? container.decode(Int.self, forKey: key) { return .pool(size) }
        let settings = try settings(key, container, ["size", "stride"])
        let size = try settings.required("size", Int.self, in: key.stringValue)
        return Window(kernel: size, stride: try settings.optional("stride", size))
    }
}
