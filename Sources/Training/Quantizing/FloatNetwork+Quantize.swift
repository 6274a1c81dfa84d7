import Quantization

extension FloatNetwork {
    /// The network in integers: activations over the given ranges, weights symmetric per output channel, biases in Int32
    /// (static post-training quantization; Jacob et al. 2018, arXiv:1712.05877, §3; Krishnamoorthi 2018,
    /// arXiv:1806.08342, §3.1).
    ///
    /// - Parameters:
    ///   - ranges: one per tensor. Those behind pools and reshapes do not count: they keep the quantization of their input.
    ///   - weightBits: width of the weights of a node, by its index: 8 or 4.
    ///   - activationBits: width of a tensor, by its index: 8 or 16. Where the two meet, nodes that change the width are
    ///     added; a layer that reads or writes 16 bits computes in them and takes weights of 8 bits. Tensors that are added
    ///     come behind those of this network.
    /// - Throws: `TrainingError.invalidModel` where the numbers of ranges and tensors differ, a width does not exist, or
    ///   weights of 4 bits meet activations of 16.
    public func quantized(
        ranges: [ActivationRange], weightBits: (_ node: Int) -> Int = { _ in 8 },
        activationBits: (_ tensor: Int) -> Int = { _ in 8 }
    ) throws(TrainingError) -> QuantizedNetwork {
        guard ranges.count == tensors.count else {
            throw .invalidModel("\(ranges.count) activation ranges for \(tensors.count) tensors")
        }
        guard tensors.indices.allSatisfy({ [8, 16].contains(activationBits($0)) }) else {
            throw .invalidModel("activations have 8 or 16 bits")
        }
        var widths = NetworkWidths(self, ranges: ranges, bits: activationBits)
        let connected = widths.connected()
        let activations = widths.activations
        var nodes: [NetworkNode<QuantizedFilter>] = []
        var index = -1
        for node in connected {
            // Nodes that change widths are not among those of this network.
            if case .requantize = node.operation {} else { index += 1 }
            let bits = weightBits(max(0, index))
            let (input, output) = (activations[node.inputs[0]].scale, activations[node.output].scale)
            var isDepthwise = false
            if case .depthwiseConvolution = node.operation { isDepthwise = true }
            let operation = node.operation.mapFilter {
                $0.quantized(inputScale: input, outputScale: output, bits: bits, channelsInnermost: isDepthwise)
            }
            nodes.append(
                NetworkNode(name: node.name, operation: operation, inputs: node.inputs, output: node.output))
        }
        do {
            return try QuantizedNetwork(
                name: name, tensors: activations, nodes: nodes, input: self.input, output: self.output, labels: labels)
        } catch {
            throw .invalidModel("cannot be quantized: \(error)")
        }
    }
}

extension FloatFilter {
    /// Weights in `bits`, symmetric, one scale per output channel as `WeightGrid` has it, and the bias in steps of input
    /// scale times weight scale.
    ///
    /// A channel whose weights are all but zero gets a coarser scale than they need, so that its bias fits 32 bits and its
    /// output multiplier stays representable.
    ///
    /// - Parameter channelsInnermost: true for depthwise filters.
    public func quantized(
        inputScale: Float, outputScale: Float, bits: Int, channelsInnermost: Bool
    ) -> QuantizedFilter {
        let channels = bias.count
        let columns = values.count / channels
        let limit = Float((1 << (bits - 1)) - 1)
        func position(_ channel: Int, _ column: Int) -> Int {
            channelsInnermost ? column * channels + channel : channel * columns + column
        }
        var integers = [Int8](repeating: 0, count: values.count)
        var scales: [Float] = []
        var biases: [Int32] = []
        for channel in 0..<channels {
            let row = (0..<columns).map { values[position(channel, $0)] }
            let forWeights = row.allSatisfy { $0 == 0 } ? 0 : WeightGrid.scale(of: row[...], bits: bits)
            let forBias = abs(bias[channel]) / inputScale / 1_073_741_824
            let scale = max(forWeights, forBias, outputScale / inputScale / 16_777_216, 1e-30)
            for column in 0..<columns {
                let quotient = (values[position(channel, column)] / scale).rounded(.toNearestOrEven)
                integers[position(channel, column)] = Int8(max(-limit, min(limit, quotient)))
            }
            let step = Double(inputScale) * Double(scale)
            let rounded = (Double(bias[channel]) / step).rounded(.toNearestOrEven)
            scales.append(scale)
            biases.append(Int32(max(-2_147_483_647, min(2_147_483_647, rounded))))
        }
        return QuantizedFilter(shape: shape, values: integers, scales: scales, bias: biases, bits: bits)
    }
}
