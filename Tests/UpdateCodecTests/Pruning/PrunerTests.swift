import Tensors
import Testing
import UpdateCodec

/// What every pruner must do.
struct PrunerTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let name: String
        let pruner: any Pruner
        var testDescription: String { name }
    }

    static func rules() throws -> [Rule] {
        [
            Rule(name: "top-k", pruner: try TopKPruner(fraction: 0.1)),
            Rule(name: "top-k of a tensor", pruner: try TopKPruner(fraction: 0.1, scope: .tensor)),
            Rule(name: "threshold", pruner: try ThresholdPruner(threshold: 0.01)),
            Rule(name: "random-k", pruner: try RandomKPruner(fraction: 0.1)),
            Rule(name: "2:4", pruner: TwoOfFourPruner()),
            Rule(name: "rows", pruner: try RowPruner(fraction: 0.5)),
            Rule(name: "layers by name", pruner: try LayerPruner(.named(["conv"]))),
            Rule(name: "layers by activity", pruner: try LayerPruner(.leastActive(keeping: 0.5))),
        ]
    }

    @Test(arguments: try rules())
    func keepsAscendingPositionsAndIsDeterministic(rule: Rule) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 2)
        let support = try rule.pruner.support(of: update, layout: layout, context: CodecFixture.context)
        #expect(zip(support, support.dropFirst()).allSatisfy { $0 < $1 })
        #expect(support.allSatisfy { $0 >= 0 && $0 < Int32(layout.count) })
        #expect(!support.isEmpty && support.count < layout.count)
        #expect(try rule.pruner.support(of: update, layout: layout, context: CodecFixture.context) == support)
    }

    @Test(arguments: try rules())
    func errorFeedbackLosesNothing(rule: Rule) throws {
        let layout = try CodecFixture.layout()
        var feedback = ErrorFeedback(count: layout.count)
        var sent = [Float](repeating: 0, count: layout.count)
        var wanted = sent
        for seed in 1...6 as ClosedRange<UInt64> {
            var update = CodecFixture.update(layout, seed: seed)
            for index in wanted.indices { wanted[index] += update[index] }
            let context = CodecContext(seed: Seed(1), round: Int(seed))
            try rule.pruner.prune(&update, layout: layout, context: context, feedback: &feedback)
            let kept = update.filter { $0 != 0 }.count
            #expect(kept > 0 && kept < layout.count)
            for index in sent.indices { sent[index] += update[index] }
        }
        for index in sent.indices { #expect(abs(sent[index] + feedback.residual[index] - wanted[index]) < 1e-6) }
    }

    @Test(arguments: try rules())
    func refusesBadUpdates(rule: Rule) throws {
        let layout = try CodecFixture.layout()
        #expect(throws: CodecError.countMismatch(expected: layout.count, actual: 1)) {
            try rule.pruner.support(of: [1], layout: layout, context: CodecFixture.context)
        }
        var update = CodecFixture.update(layout, seed: 2)
        update[9] = .nan
        #expect(throws: CodecError.notFinite(index: 9)) {
            try rule.pruner.support(of: update, layout: layout, context: CodecFixture.context)
        }
        var feedback = ErrorFeedback(count: 3)
        #expect(throws: CodecError.countMismatch(expected: 3, actual: layout.count)) {
            try rule.pruner.prune(&update, layout: layout, context: CodecFixture.context, feedback: &feedback)
        }
    }

    @Test(arguments: [0, -0.1, 1.01, .nan, .infinity])
    func refusesSharesOutOfRange(share: Double) {
        #expect(throws: CodecError.self) { try TopKPruner(fraction: share) }
        #expect(throws: CodecError.self) { try RandomKPruner(fraction: share) }
        #expect(throws: CodecError.self) { try RowPruner(fraction: share) }
        #expect(throws: CodecError.self) { try LayerPruner(.leastActive(keeping: share)) }
        #expect(throws: CodecError.self) { try HashedBuckets(fraction: share, seed: Seed(1)) }
    }
}
