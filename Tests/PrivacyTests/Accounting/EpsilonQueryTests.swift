import Foundation
import Privacy
import Testing

struct EpsilonQueryTests {
    @Test func answersEpsilon() throws {
        var query = try EpsilonQuery(mechanism: "gaussian", delta: 1e-3)
        (query.samplingRate, query.noiseMultiplier, query.rounds) = (0.1, 1, 100)
        let tight = try query.answer()
        #expect(tight.accountant == .pld && tight.solvedFor == .epsilon && tight.order == nil)
        #expect(abs((tight.epsilon ?? 0) / 4.7843502 - 1) < 1e-7)
        query.accountant = .rdp
        let renyi = try query.answer()
        #expect(abs((renyi.epsilon ?? 0) / 5.6550528 - 1) < 1e-7)
        #expect(renyi.order == 2.9)
    }

    @Test func answersNoiseAndRounds() throws {
        var query = EpsilonQuery(mechanism: .gaussian, delta: 1e-4)
        (query.samplingRate, query.epsilon, query.rounds) = (0.1, 3, 50)
        let noise = try query.answer()
        #expect(noise.solvedFor == .noiseMultiplier && (noise.epsilon ?? 9) <= 3 && (noise.epsilon ?? 0) > 2.999)
        (query.noiseMultiplier, query.rounds) = (noise.noiseMultiplier, nil)
        let rounds = try query.answer()
        #expect(rounds.solvedFor == .rounds && rounds.rounds == 50)
    }

    @Test func answersTreesAndIntegerNoise() throws {
        var tree = EpsilonQuery(mechanism: .tree, delta: 1e-5)
        (tree.noiseMultiplier, tree.rounds, tree.epochs, tree.accountant) = (10, 100, 5, .rdp)
        #expect(abs((try tree.answer().epsilon ?? 0) / 2.6113339 - 1) < 1e-7)
        var skellam = EpsilonQuery(mechanism: .skellam, delta: 1e-5)
        (skellam.noiseMultiplier, skellam.rounds, skellam.samplingRate) = (1, 100, 0.1)
        (skellam.clientCount, skellam.dimension, skellam.scale) = (100, 16384, 64)
        let answer = try skellam.answer()
        #expect(answer.accountant == .rdp && answer.order == 2)
        #expect(abs((answer.epsilon ?? 0) / 16.548091 - 1) < 1e-7)
        #expect(abs((answer.roundingInflation ?? 0) / 1.4252193 - 1) < 1e-7)
        (skellam.dimension, skellam.scale, skellam.clip, skellam.accountant) = (1, 1, 3, .pld)
        (skellam.noiseMultiplier, skellam.samplingRate, skellam.rounds) = (10.0 / 3, 1, 10)
        #expect(abs((try skellam.answer().epsilon ?? 0) / 4.1082493 - 1) < 1e-7)
        // Tables are rounded up by `dp-accounting` unless told otherwise.
        skellam.lossRounding = .up
        #expect(abs((try skellam.answer().epsilon ?? 0) / 4.1087487 - 1) < 1e-7)
        (skellam.noiseMultiplier, skellam.clip, skellam.rounds, skellam.delta) = (20, 1, 100, 1e-6)
        #expect(abs((try skellam.answer().epsilon ?? 0) / 2.2581319 - 1) < 1e-7)
    }

    @Test func encodesWhatItAnswers() throws {
        var query = EpsilonQuery(mechanism: .gaussian, delta: 1e-5)
        (query.noiseMultiplier, query.rounds) = (5, 100)
        let answer = try query.answer()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(answer), as: UTF8.self)
        #expect(text.contains(#""noise_multiplier":5"#) && text.contains(#""solved_for":"epsilon""#))
        #expect(answer.lines.first == "epsilon           9.99726 at delta 1e-05")
    }

    @Test func namesWhatIsMissing() throws {
        #expect(throws: AccountingError.self) { try EpsilonQuery(mechanism: "laplace", delta: 1e-5) }
        var query = EpsilonQuery(mechanism: .skellam, delta: 1e-5)
        #expect(throws: AccountingError.missingOption("--rounds")) { try query.answer() }
        query.rounds = 10
        #expect(throws: AccountingError.missingOption("--noise-multiplier or --epsilon")) { try query.answer() }
        query.noiseMultiplier = 1
        #expect(throws: AccountingError.missingOption("--dimension")) { try query.answer() }
    }
}
