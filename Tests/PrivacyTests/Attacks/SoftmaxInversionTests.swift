import Foundation
import Privacy
import Tensors
import Testing

struct SoftmaxInversionTests {
    private static let attack = SoftmaxInversion(classCount: 10, inputCount: 400)

    /// A picture: a bright disc somewhere on a dark ground.
    private static func picture(_ seed: UInt64) -> [Float] {
        var random = SeededRandom(Seed(seed))
        let (x, y) = (Double(4 + random.below(12)), Double(4 + random.below(12)))
        return (0..<400).map { pixel in
            let distance = hypot(Double(pixel % 20) - x, Double(pixel / 20) - y)
            return Float(min(max(4.5 - distance, 0), 1))
        }
    }

    private static func meanPicture() -> [Float] {
        let pictures = (0..<200).map { picture(1000 + $0) }
        return (0..<400).map { pixel in pictures.reduce(0) { $0 + $1[pixel] } / 200 }
    }

    private static func quality(_ release: ([Float], UInt64) throws -> [Float]) rethrows -> Double {
        let total = try (0..<20 as Range<UInt64>).reduce(0.0) { sum, seed in
            let truth = picture(seed)
            let update = attack.update(input: truth, label: Int(seed % 10))
            return sum + SoftmaxInversion.peakSignalToNoise(attack.recover(from: try release(update, seed)), truth)
        }
        return total / 20
    }

    @Test func recoversAPlainUpdateExactly() {
        #expect(Self.quality { update, _ in update } > 90)
    }

    @Test(arguments: [(8, 45.0), (4, 20.0)])
    func quantizationAloneHidesNothing(bits: Int, quality: Double) {
        let measured = Self.quality { update, _ in
            let scale = (update.map(abs).max() ?? 1) / Float((1 << (bits - 1)) - 1)
            return update.map { ($0 / scale).rounded() * scale }
        }
        #expect(measured > quality, "\(measured) dB")
    }

    @Test func noiseLeavesLessThanABlindGuess() throws {
        let mean = Self.meanPicture()
        let blind = Self.quality { _, seed in
            // An attacker who sees nothing guesses the mean.
            Self.attack.update(input: mean, label: Int(seed % 10))
        }
        let noisy = try Self.quality { update, seed in
            var clipped = update
            try L2Clipping.clip(&clipped, toNorm: 0.5)
            var random = SeededRandom(Seed(seed).derived("noise"))
            let noise = try CentralNoise(
                noiseMultiplier: 1, clip: 0.5, parameterCount: update.count, fractionBits: 28
            ).draw(update.count, using: &random)
            return zip(clipped, noise).map { $0 + Float(Double($1) * 0x1p-28) }
        }
        #expect(noisy < blind, "\(noisy) dB against \(blind) dB blind")
    }
}
