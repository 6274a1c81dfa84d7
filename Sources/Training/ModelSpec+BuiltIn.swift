extension ModelSpec {
    /// Names that `builtIn` knows.
    public static let builtInNames = [
        "cnn-28x28", "cnn-fedavg", "cnn1d-gestures", "cnn1d-har", "dscnn", "gru-chars", "linear", "resnet8",
    ]

    /// A model by name, for data of a given shape.
    ///
    /// - `cnn-28x28`: two 3×3 convolutions, 69,690 parameters for `[1, 28, 28]` and 10 classes.
    /// - `cnn-fedavg`: two 5×5 convolutions and a dense layer of 512 (McMahan et al. 2017, arXiv:1602.05629), 1,663,370
    ///   parameters for `[1, 28, 28]` and 10 classes.
    /// - `cnn1d-har`: three convolutions over `[C, T]`, 24,534 parameters for `[6, 128]` and 6 classes.
    /// - `cnn1d-gestures`: a smaller one for short windows such as `[3, 64]`.
    /// - `dscnn`: depthwise-separable convolutions over `[C, H, W]` (Zhang et al. 2017, arXiv:1711.07128).
    /// - `resnet8`: three residual blocks over `[C, H, W]` (Banbury et al. 2021, arXiv:2106.07597).
    /// - `gru-chars`: embedding and GRU over token ids `[T]`, the class being the token that follows; the vocabulary is
    ///   `classCount`.
    /// - `linear`: a single dense layer on any shape.
    ///
    /// - Throws: `TrainingError.unknownModel`, `.unsupportedInput`, or as `layout()` where the shape is too small.
    public static func builtIn(
        _ name: String, inputShape: [Int], classCount: Int
    ) throws(TrainingError) -> ModelSpec {
        guard let model = models[name] else { throw .unknownModel(name: name, known: builtInNames) }
        guard model.rank == 0 || inputShape.count == model.rank else {
            throw .unsupportedInput(model: name, shape: inputShape, expected: model.form)
        }
        return try checked(name, inputShape, classCount, model)
    }

    private static func checked(
        _ name: String, _ inputShape: [Int], _ classCount: Int, _ model: BuiltInModel
    ) throws(TrainingError) -> ModelSpec {
        let spec = ModelSpec(
            name: name, inputShape: inputShape, classCount: classCount, layers: model.layers(inputShape, classCount))
        _ = try spec.layout()
        return spec
    }

    private struct BuiltInModel: Sendable {
        /// Rank of the input; 0 takes any.
        let rank: Int
        let layers: @Sendable (_ inputShape: [Int], _ classCount: Int) -> [LayerSpec]

        var form: String { rank == 1 ? "token ids [T]" : rank == 2 ? "[C, T]" : "[C, H, W]" }
    }

    private static let models: [String: BuiltInModel] = [
        "cnn-28x28": BuiltInModel(rank: 3) { _, classes in
            [
                .conv2d(out: 16, window: Window(kernel: 3)), .relu, .maxpool2d(.pool(2)),
                .conv2d(out: 32, window: Window(kernel: 3)), .relu, .maxpool2d(.pool(2)),
                .flatten, .dense(out: 80), .relu, .dense(out: classes),
            ]
        },
        "cnn-fedavg": BuiltInModel(rank: 3) { _, classes in
            [
                .conv2d(out: 32, window: Window(kernel: 5, padding: .same)), .relu, .maxpool2d(.pool(2)),
                .conv2d(out: 64, window: Window(kernel: 5, padding: .same)), .relu, .maxpool2d(.pool(2)),
                .flatten, .dense(out: 512), .relu, .dense(out: classes),
            ]
        },
        "cnn1d-har": BuiltInModel(rank: 2) { _, classes in
            [
                .conv1d(out: 32, window: Window(kernel: 5)), .relu, .maxpool1d(.pool(2)),
                .conv1d(out: 48, window: Window(kernel: 5)), .relu, .maxpool1d(.pool(2)),
                .conv1d(out: 64, window: Window(kernel: 5)), .relu, .globalAveragePool, .dense(out: classes),
            ]
        },
        "cnn1d-gestures": BuiltInModel(rank: 2) { _, classes in
            [
                .conv1d(out: 24, window: Window(kernel: 5)), .relu, .maxpool1d(.pool(2)),
                .conv1d(out: 40, window: Window(kernel: 5)), .relu, .maxpool1d(.pool(2)),
                .conv1d(out: 56, window: Window(kernel: 3)), .relu, .globalAveragePool, .dense(out: classes),
            ]
        },
        "dscnn": BuiltInModel(rank: 3) { _, classes in
            let stem: [LayerSpec] = [
                .conv2d(out: 64, window: Window(kernel: 3, stride: 2, padding: .same), bias: false), .batchNorm, .relu,
            ]
            let blocks = (0..<4).flatMap { _ in
                [
                    .depthwiseConv2d(window: Window(kernel: 3, padding: .same), bias: false), .batchNorm, .relu,
                    .conv2d(out: 64, window: Window(kernel: 1), bias: false), .batchNorm, .relu,
                ] as [LayerSpec]
            }
            return stem + blocks + [.globalAveragePool, .dense(out: classes)]
        },
        "resnet8": BuiltInModel(rank: 3) { _, classes in
            let stem: [LayerSpec] = [
                .conv2d(out: 16, window: Window(kernel: 3, padding: .same), bias: false), .batchNorm, .relu,
            ]
            return stem + residualBlock(16, stride: 1) + residualBlock(32, stride: 2) + residualBlock(64, stride: 2)
                + [.globalAveragePool, .dense(out: classes)]
        },
        "gru-chars": BuiltInModel(rank: 1) { _, classes in
            [.embedding(vocabulary: classes, dimension: 16), .gru(units: 128), .dense(out: classes)]
        },
        "linear": BuiltInModel(rank: 0) { _, classes in [.flatten, .dense(out: classes)] },
    ]

    private static func residualBlock(_ out: Int, stride: Int) -> [LayerSpec] {
        let body: [LayerSpec] = [
            .conv2d(out: out, window: Window(kernel: 3, stride: stride, padding: .same), bias: false), .batchNorm,
            .relu,
            .conv2d(out: out, window: Window(kernel: 3, padding: .same), bias: false), .batchNorm,
        ]
        let shortcut: [LayerSpec] =
            stride == 1 ? [] : [.conv2d(out: out, window: Window(kernel: 1, stride: stride, padding: .same))]
        return [.residual(body: body, shortcut: shortcut), .relu]
    }
}
