extension LayerSpec {
    /// Writes the shortest form: settings at their default are left out, so that equal layers have equal text.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .relu, .relu6, .globalAveragePool, .flatten, .batchNorm:
            var container = encoder.singleValueContainer()
            try container.encode(name)
            return
        default: break
        }
        var container = encoder.container(keyedBy: AnyKey.self)
        let key = AnyKey(name)
        switch self {
        case .relu, .relu6, .globalAveragePool, .flatten, .batchNorm: break
        case .conv1d(let out, let window, let bias), .conv2d(let out, let window, let bias):
            try Self.encode(window, out: out, bias: bias, key, &container)
        case .depthwiseConv2d(let window, let bias):
            if window == Window(kernel: window.kernel), bias {
                try container.encode(window.kernel, forKey: key)
            } else {
                try Self.encode(window, out: nil, bias: bias, key, &container)
            }
        case .dense(let out, let bias):
            if bias { return try container.encode(out, forKey: key) }
            var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try settings.encode(out, forKey: AnyKey("out"))
            try settings.encode(bias, forKey: AnyKey("bias"))
        case .maxpool1d(let window), .maxpool2d(let window), .avgpool1d(let window), .avgpool2d(let window):
            if window == .pool(window.kernel) { return try container.encode(window.kernel, forKey: key) }
            var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try settings.encode(window.kernel, forKey: AnyKey("size"))
            try settings.encode(window.stride, forKey: AnyKey("stride"))
        case .embedding(let vocabulary, let dimension):
            var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try settings.encode(vocabulary, forKey: AnyKey("vocabulary"))
            try settings.encode(dimension, forKey: AnyKey("dimension"))
        case .gru(let units, let everyStep):
            if !everyStep { return try container.encode(units, forKey: key) }
            var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try settings.encode(units, forKey: AnyKey("units"))
            try settings.encode(everyStep, forKey: AnyKey("every_step"))
        case .residual(let body, let shortcut):
            if shortcut.isEmpty { return try container.encode(body, forKey: key) }
            var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
            try settings.encode(body, forKey: AnyKey("body"))
            try settings.encode(shortcut, forKey: AnyKey("shortcut"))
        }
    }

    private static func encode(
        _ window: Window, out: Int?, bias: Bool, _ key: AnyKey, _ container: inout KeyedEncodingContainer<AnyKey>
    ) throws {
        var settings = container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
        try settings.encodeIfPresent(out, forKey: AnyKey("out"))
        try settings.encode(window.kernel, forKey: AnyKey("kernel"))
        if window.stride != 1 { try settings.encode(window.stride, forKey: AnyKey("stride")) }
        if window.padding != .zeros(0) { try settings.encode(window.padding, forKey: AnyKey("padding")) }
        if !bias { try settings.encode(bias, forKey: AnyKey("bias")) }
    }
}
