/// Token ids `[T]` to the rows of a table `[vocabulary, dimension]`. Ids were checked when the batch was collected.
final class EmbeddingOperation: Operation {
    let outputCount: Int
    private let length: Int
    private let vocabulary: Int
    private let dimension: Int
    private let weight: Int

    init(length: Int, vocabulary: Int, dimension: Int, weight: Int) {
        outputCount = length * dimension
        self.length = length
        self.vocabulary = vocabulary
        self.dimension = dimension
        self.weight = weight
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        for i in 0..<pass.batch * length {
            (output + i * dimension).update(
                from: pass.parameters + weight + Int(input[i]) * dimension, count: dimension)
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        (pass.gradients + weight).update(repeating: 0, count: vocabulary * dimension)
        for i in 0..<pass.batch * length {
            let row = pass.gradients + weight + Int(input[i]) * dimension
            let source = outputGradient + i * dimension
            for d in 0..<dimension { row[d] += source[d] }
        }
    }
}
