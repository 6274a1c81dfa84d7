import IntegerRuntime
import ModelFormats
import Quantization
import Training

/// Bytes of working memory that an integer network takes.
func arenaByteCount(_ network: QuantizedNetwork) throws -> Int {
    try IntegerModel(ModelImageWriter(profile: .tflm).image(of: network)).arenaByteCount
}

/// Accuracy of an integer network, run bit for bit as TensorFlow Lite Micro does.
func integerAccuracy(of network: QuantizedNetwork, on set: TrainingSet) throws -> Double {
    let image = try ModelImageWriter(profile: .tflm).image(of: network)
    let input = network.tensors[network.input]
    return try image.withUnsafeBytes { bytes in
        let model = try ModelImage(bytes)
        let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: model.arenaByteCount, alignment: 64)
        defer { arena.deallocate() }
        let interpreter = try Interpreter<WideRules<TFLMRules>>(model, arena: arena)
        var correct = 0
        for sample in 0..<set.sampleCount {
            let values = set.inputs[(sample * set.elementCount)..<((sample + 1) * set.elementCount)]
            for (index, value) in FloatNetworkRunner.channelsLast(values, input.shape).enumerated() {
                if input.bits == 16 {
                    interpreter.wideActivation(network.input)[index] = Int16(
                        truncatingIfNeeded: input.integer(for: value))
                } else {
                    interpreter.input[index] = Int8(truncatingIfNeeded: input.integer(for: value))
                }
            }
            interpreter.run()
            if interpreter.winner == Int(set.labels[sample]) { correct += 1 }
        }
        return Double(correct) / Double(set.sampleCount)
    }
}
