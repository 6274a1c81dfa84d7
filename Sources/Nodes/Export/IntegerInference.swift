import IntegerRuntime
import ModelFormats
import Quantization
import Training

/// Runs an integer network on this machine exactly as a microcontroller would, with the rounding of TensorFlow Lite
/// Micro.
struct IntegerInference: ~Copyable {
    /// The image that firmware links.
    let image: [UInt8]
    /// Bytes of working memory.
    let arenaByteCount: Int
    private let network: QuantizedNetwork
    private let memory: UnsafeMutableRawBufferPointer
    private let arena: UnsafeMutableRawBufferPointer
    private let interpreter: Interpreter<WideRules<TFLMRules>>

    /// Prepares a network.
    ///
    /// - Throws: `NodeError.corrupt` where the image cannot be run, `ModelFormatError` where it cannot be written.
    init(_ network: QuantizedNetwork) throws {
        let image = try ModelImageWriter(profile: .tflm).image(of: network)
        let parts: Parts
        do throws(ImageError) { parts = try Parts(image) } catch {
            throw NodeError.corrupt("the model image cannot be run: \(error)")
        }
        self.network = network
        self.image = image
        arenaByteCount = parts.arenaByteCount
        memory = parts.memory
        arena = parts.arena
        interpreter = parts.interpreter
    }

    /// An image in memory of its own with an interpreter on it.
    private struct Parts {
        let memory: UnsafeMutableRawBufferPointer
        let arena: UnsafeMutableRawBufferPointer
        let arenaByteCount: Int
        let interpreter: Interpreter<WideRules<TFLMRules>>

        init(_ image: [UInt8]) throws(ImageError) {
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: image.count, alignment: 16)
            memory.copyBytes(from: image)
            var arena = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            do throws(ImageError) {
                let model = try ModelImage(UnsafeRawBufferPointer(memory))
                arena = .allocate(byteCount: max(model.arenaByteCount, 8), alignment: 16)
                interpreter = try Interpreter(model, arena: arena)
                arenaByteCount = model.arenaByteCount
            } catch {
                memory.deallocate()
                arena.deallocate()
                throw error
            }
            self.memory = memory
            self.arena = arena
        }
    }

    deinit {
        arena.deallocate()
        memory.deallocate()
    }

    /// The integers of the output for one sample, channels outermost.
    func outputs(_ sample: ArraySlice<Float>) -> [Int8] {
        let tensor = network.tensors[network.input]
        let target = interpreter.input
        for (index, value) in FloatNetworkRunner.channelsLast(sample, tensor.shape).enumerated() {
            target[index] = Int8(truncatingIfNeeded: tensor.integer(for: value))
        }
        interpreter.run()
        return Array(interpreter.output)
    }

    /// Part of the samples whose largest output is their class; nil without samples.
    func accuracy(on set: TrainingSet) -> Double? {
        guard set.sampleCount > 0 else { return nil }
        var correct = 0
        for index in 0..<set.sampleCount {
            _ = outputs(set.sample(index))
            correct += interpreter.winner == Int(set.labels[index]) ? 1 : 0
        }
        return Double(correct) / Double(set.sampleCount)
    }
}

extension TrainingSet {
    /// The values of one sample, channels outermost.
    func sample(_ index: Int) -> ArraySlice<Float> { inputs[index * elementCount..<(index + 1) * elementCount] }
}
