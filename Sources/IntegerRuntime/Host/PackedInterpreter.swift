#if !hasFeature(Embedded)
    import CIntegerDot

    /// The interpreter of servers and gateways: the same integers as `Interpreter`, from weights that are packed for vector
    /// instructions when a model is loaded. Running allocates nothing.
    ///
    /// Convolutions and dense layers with int8 weights, and max pools, have kernels of their own, all for int8 activations;
    /// the rest is left to `Interpreter`.
    public final class PackedInterpreter<Rules: RoundingRules> {
        /// The plain interpreter over the same image and arena.
        public let plain: Interpreter<Rules>
        private let filters: [PackedFilter?]
        /// One input, widened to Int16, with its padding.
        private let widened: UnsafeMutablePointer<Int16>
        private let hasAVX2 = c_integer_has_avx2()

        /// Packs the weights of a model.
        ///
        /// - Throws: as `Interpreter.init`.
        public init(_ image: ModelImage, arena: UnsafeMutableRawBufferPointer) throws(ImageError) {
            plain = try Interpreter(image, arena: arena)
            var filters: [PackedFilter?] = []
            var largest = 0
            for index in 0..<image.operationCount {
                guard let operation = image.operation(index), Self.isPackable(operation, image) else {
                    filters.append(nil)
                    continue
                }
                let (input, output) = (image.tensor(operation.input), image.tensor(operation.output))
                let grid = Grid(operation, input, output)
                // Padding may make it large; such a layer is left to the plain interpreter.
                guard grid.count <= ModelImageFormat.maximumElementCount else {
                    filters.append(nil)
                    continue
                }
                largest = max(largest, grid.count)
                filters.append(
                    PackedFilter(
                        operation, image, rows: grid.kernelHeight, segment: grid.segment, channels: output.channels))
            }
            self.filters = filters
            widened = .allocate(capacity: largest + 16)
            widened.initialize(repeating: 0, count: largest + 16)
        }

        deinit { widened.deallocate() }

        private static func isPackable(_ operation: ImageOperation, _ image: ModelImage) -> Bool {
            guard operation.weightBits == 8, !image.tensor(operation.output).isWide else { return false }
            // Float64 scales have no vector kernel.
            if operation.kind == .dense { return Rules.profile != .litertReference }
            return operation.kind == .convolution
        }

        /// Runs all operations on what `plain.input` holds.
        public func run() {
            for index in 0..<plain.image.operationCount { execute(index) }
        }

        /// Runs one operation; those before it must have run.
        public func execute(_ index: Int) {
            guard let operation = plain.image.operation(index) else { return }
            if let filter = filters[index] {
                multiply(operation, filter)
            } else if operation.kind == .maxPool, !plain.image.tensor(operation.output).isWide {
                pool(operation)
            } else {
                plain.execute(index)
            }
        }

        private func multiply(_ operation: ImageOperation, _ filter: PackedFilter) {
            let (input, output) = (plain.image.tensor(operation.input), plain.image.tensor(operation.output))
            let grid = Grid(operation, input, output)
            widen(operation, input, grid)
            var row = CIntegerRow(
                input: widened, rowStride: Int32(grid.rowStride), columnStep: Int32(grid.columnStep),
                kernelHeight: Int32(grid.kernelHeight), pairs: Int32(filter.pairs), positions: Int32(output.width),
                channels: Int32(output.channels), weights: filter.weights, bias: filter.constants,
                multipliers: filter.constants + filter.paddedChannels,
                shifts: filter.constants + 2 * filter.paddedChannels, output: plain.arena + output.arenaOffset,
                zeroPoint: output.zeroPoint, minimum: operation.minimum, maximum: operation.maximum,
                isFloat: Rules.profile == .xnnpack)
            for y in 0..<output.height {
                row.input = UnsafePointer(widened + y * grid.rowStep)
                row.output = plain.arena + output.arenaOffset + y * output.width * output.channels
                c_integer_row(&row, hasAVX2)
            }
        }

        /// Copies the input into the middle of a padded one.
        private func widen(_ operation: ImageOperation, _ input: ImageTensor, _ grid: Grid) {
            let source = plain.arena + input.arenaOffset
            guard grid.isPadded else {
                c_integer_widen(source, widened, Int32(input.count), hasAVX2)
                return
            }
            widened.update(repeating: Int16(input.zeroPoint), count: grid.count)
            let line = input.width * input.channels
            for y in 0..<min(input.height, grid.height - operation.top) {
                let target = widened + (y + operation.top) * grid.rowStride + operation.left * input.channels
                let room = min(line, grid.rowStride - operation.left * input.channels)
                c_integer_widen(source + y * line, target, Int32(room), hasAVX2)
            }
        }

        private func pool(_ operation: ImageOperation) {
            let (input, output) = (plain.image.tensor(operation.input), plain.image.tensor(operation.output))
            let channels = Int32(input.channels)
            let source = plain.arena + input.arenaOffset
            var target = plain.arena + output.arenaOffset
            for y in 0..<output.height {
                for x in 0..<output.width {
                    let corner = y * operation.strideHeight * input.width + x * operation.strideWidth
                    let first = source + corner * input.channels
                    target.update(from: first, count: input.channels)
                    for ky in 0..<operation.kernelHeight {
                        for kx in 0..<operation.kernelWidth where ky + kx > 0 {
                            c_integer_maximum(
                                first + (ky * input.width + kx) * input.channels, target, channels, hasAVX2)
                        }
                    }
                    target += output.channels
                }
            }
        }
    }

    /// How the windows of an operation lie in its padded input.
    private struct Grid {
        let height: Int
        let rowStride: Int
        let rowStep: Int
        let columnStep: Int
        let kernelHeight: Int
        let segment: Int
        let isPadded: Bool

        init(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
            guard operation.kind == .convolution else {
                (height, kernelHeight, rowStep, columnStep, isPadded) = (1, 1, 0, 0, false)
                segment = input.count
                rowStride = input.count
                return
            }
            kernelHeight = operation.kernelHeight
            segment = operation.kernelWidth * input.channels
            let bottom = (output.height - 1) * operation.strideHeight + operation.kernelHeight
            let right = (output.width - 1) * operation.strideWidth + operation.kernelWidth
            height = max(bottom, input.height + operation.top)
            let width = max(right, input.width + operation.left)
            isPadded = height != input.height || width != input.width
            rowStride = width * input.channels
            rowStep = operation.strideHeight * rowStride
            columnStep = operation.strideWidth * input.channels
        }

        /// Elements of the padded input.
        var count: Int { height * rowStride }
    }
#endif
