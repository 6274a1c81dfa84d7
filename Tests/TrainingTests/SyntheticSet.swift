import Tensors
import Training

/// Seeded random samples whose class is visible in them: class `k` raises every `k`-th element.
enum SyntheticSet {
    static func make(shape: [Int], classCount: Int, sampleCount: Int, seed: UInt64) throws -> TrainingSet {
        var random = SeededRandom(Seed(seed))
        let count = shape.reduce(1, *)
        var inputs: [Float] = []
        var labels: [Int32] = []
        for _ in 0..<sampleCount {
            let label = random.below(classCount)
            labels.append(Int32(label))
            for element in 0..<count {
                inputs.append(2 * random.unitFloat() - 1 + (element % classCount == label ? 1 : 0))
            }
        }
        return try TrainingSet(inputs: inputs, labels: labels, elementCount: count)
    }

    static func tokens(length: Int, vocabulary: Int, sampleCount: Int, seed: UInt64) throws -> TrainingSet {
        var random = SeededRandom(Seed(seed))
        var inputs: [Float] = []
        var labels: [Int32] = []
        for _ in 0..<sampleCount {
            let start = random.below(vocabulary)
            inputs += (0..<length).map { Float((start + $0) % vocabulary) }
            labels.append(Int32((start + length) % vocabulary))
        }
        return try TrainingSet(inputs: inputs, labels: labels, elementCount: length)
    }
}
