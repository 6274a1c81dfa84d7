import Foundation
import Privacy
import Testing

/// One line of `Tests/Golden/privacy/accounting.csv`; the script beside it says what the columns mean.
struct AccountingGolden: Sendable, CustomTestStringConvertible {
    let accountant: String
    let mechanism: PrivacyMechanism
    let count: Int
    let delta: Double
    let epsilon: Double
    let testDescription: String

    static let all: [AccountingGolden] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Golden/privacy/accounting.csv")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { AccountingGolden(line: String($0)) }
    }()

    static func rows(_ accountant: String) -> [AccountingGolden] {
        all.filter { $0.accountant == accountant }
    }

    private init?(line: String) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 10, let rate = Double(fields[2]), let noise = Double(fields[3]),
            let count = Int(fields[4]), let delta = Double(fields[5]), let epsilon = Double(fields[9])
        else { return nil }
        let (a, b) = (Int(fields[6]) ?? 0, Int(fields[7]) ?? 0)
        guard
            let mechanism = Self.mechanism(
                fields[1], rate: rate, noise: noise, a: a, b: b, scale: Double(fields[8]) ?? 1)
        else { return nil }
        self.mechanism = mechanism
        (accountant, self.count, self.delta, self.epsilon, testDescription) = (fields[0], count, delta, epsilon, line)
    }

    private static func mechanism(
        _ name: String, rate: Double, noise: Double, a: Int, b: Int, scale: Double
    ) -> PrivacyMechanism? {
        let distributed = DistributedNoise(clientCount: a, dimension: b, scale: scale, centralDeviation: noise)
        return switch name {
        case "gaussian": .gaussian(noiseMultiplier: noise, samplingRate: rate)
        case "wor": .gaussianWithoutReplacement(noiseMultiplier: noise, sampleSize: a, populationSize: b)
        case "truncated":
            .gaussianTruncatedPoisson(
                noiseMultiplier: noise, samplingRate: rate, maximumSampleSize: a, populationSize: b)
        case "tree": .tree(noiseMultiplier: noise, leafCount: a)
        case "zcdp": .zeroConcentrated(rho: noise)
        case "dgauss": .scalarDiscreteGaussian(sigma: noise, sensitivity: a, samplingRate: rate)
        case "skellam1d": .scalarSkellam(deviation: noise, sensitivity: a, samplingRate: rate)
        case "ddgauss": .distributedDiscreteGaussian(distributed, samplingRate: rate)
        case "skellam": .distributedSkellam(distributed, samplingRate: rate)
        default: nil
        }
    }
}
