import Datasets
import Privacy
import Tensors

/// Recovers pictures from what a coordinator, or whoever sees the models, is shown of a client's update.
struct InversionFigures {
    private let pictures: Dataset
    private let attack: SoftmaxInversion
    private let mean: [Float]
    private let seed: Seed

    private static let clip = 0.5

    init(pictures: Dataset, seed: Seed) {
        self.pictures = pictures
        self.seed = seed
        attack = SoftmaxInversion(classCount: max(2, pictures.classCount), inputCount: pictures.inputCount)
        let count = pictures.inputCount
        var sum = [Float](repeating: 0, count: count)
        for index in pictures.inputs.indices { sum[index % count] += pictures.inputs[index] }
        mean = sum.map { $0 / Float(pictures.sampleCount) }
    }

    func figures() throws -> [AttackReport.Figure] {
        let blind = average { _ in mean }
        let rows: [(String, (Int) throws -> [Float])] = [
            ("plain float32 update", { update(of: $0) }),
            ("8-bit update", { Self.quantized(update(of: $0), bits: 8) }),
            ("4-bit update", { Self.quantized(update(of: $0), bits: 4) }),
            ("sum of \(AttackReport.cohort) clients, as under secure aggregation", { sum(around: $0, clip: nil) }),
            ("one clipped update with noise, z = 1", { try noisy(clipped(update(of: $0)), $0) }),
            ("noisy sum of \(AttackReport.cohort) clients, z = 1", { try noisy(sum(around: $0, clip: Self.clip), $0) }),
        ]
        return [.init(target: "blind guess of the mean picture", value: blind, reference: nil)]
            + (try rows.map { name, release in
                let quality = try average { attack.recover(from: try release($0)) }
                return AttackReport.Figure(target: name, value: quality, reference: blind)
            })
    }

    private func average(_ guess: (Int) throws -> [Float]) rethrows -> Double {
        let total = try (0..<AttackReport.pictureCount).reduce(0.0) { sum, index in
            sum + SoftmaxInversion.peakSignalToNoise(try guess(index), picture(index))
        }
        return total / Double(AttackReport.pictureCount)
    }

    private func picture(_ index: Int) -> [Float] {
        Array(pictures.inputs[index * pictures.inputCount..<(index + 1) * pictures.inputCount])
    }

    private func update(of index: Int) -> [Float] {
        attack.update(input: picture(index), label: Int(pictures.labels[index]))
    }

    private func clipped(_ update: [Float]) throws -> [Float] {
        var update = update
        try L2Clipping.clip(&update, toNorm: Self.clip)
        return update
    }

    /// The victim's update and those of the clients after it.
    private func sum(around index: Int, clip: Double?) -> [Float] {
        var sum = [Float](repeating: 0, count: attack.classCount * (attack.inputCount + 1))
        for other in 0..<AttackReport.cohort {
            let plain = update(of: (index + other) % pictures.sampleCount)
            let part = clip == nil ? plain : (try? clipped(plain)) ?? plain
            for position in sum.indices { sum[position] += part[position] }
        }
        return sum
    }

    private func noisy(_ sum: [Float], _ index: Int) throws -> [Float] {
        var random = SeededRandom(seed.derived("noise", index))
        let noise = try CentralNoise(
            noiseMultiplier: 1, clip: Self.clip, parameterCount: sum.count, fractionBits: 28
        ).draw(sum.count, using: &random)
        return zip(sum, noise).map { $0 + Float(Double($1) * 0x1p-28) }
    }

    private static func quantized(_ update: [Float], bits: Int) -> [Float] {
        let scale = (update.map(abs).max() ?? 1) / Float((1 << (bits - 1)) - 1)
        return update.map { ($0 / scale).rounded() * scale }
    }
}
