import Quantization
import Tensors
import Testing
import Training

struct ParameterConstraintTests {
    static func train(_ constraint: ParameterConstraint) throws -> (
        before: [Float], after: [Float], layout: ParameterLayout
    ) {
        let (spec, start, set) = try FakeQuantizationTests.trained("resnet8")
        var parameters = start
        let trainer = try Trainer(spec: spec, maximumBatchSize: 24)
        let plan = LocalTrainingPlan(epochs: 3, batchSize: 8, learningRate: 0.02, momentum: 0.9)
        _ = try trainer.train(
            parameters: &parameters, on: set, indices: Array(0..<24), plan: plan, seed: Seed(1), constraint: constraint)
        return (start, parameters, trainer.layout)
    }

    @Test(arguments: [0, 0.3, 0.9, 1])
    func droppedWeightsStayZero(sparsity: Double) throws {
        let (spec, start, _) = try FakeQuantizationTests.trained("resnet8")
        let layout = try spec.layout()
        for scope in [PruningMask.Scope.tensor, .model] {
            let mask = try PruningMask.magnitude(start, layout: layout, sparsity: sparsity, scope: scope)
            let weights = layout.entries.filter { $0.kind == .weight }.reduce(0) { $0 + $1.count }
            let dropped = layout.count - mask.keptCount
            #expect(abs(Double(dropped) - sparsity * Double(weights)) < Double(layout.entries.count))
            let after = try Self.train(.pruned(mask)).after
            #expect(after.indices.allSatisfy { mask.isKept[$0] || after[$0] == 0 })
            #expect(after.contains { $0 != 0 })
        }
        #expect(throws: TrainingError.self) { try PruningMask.magnitude(start, layout: layout, sparsity: 1.5) }
    }

    @Test func smallestGoFirst() throws {
        let layout = try ParameterLayout([("a/weight", [2, 3], .weight), ("a/bias", [2], .vector)])
        let values: [Float] = [1, -5, 2, 0.5, 3, -4, 0, 0]
        let mask = try PruningMask.magnitude(values, layout: layout, sparsity: 0.5)
        #expect(mask.isKept == [false, true, false, false, true, true, true, true])
        let pattern = try PruningMask.twoOfFour([1, -5, 2, 0.5, 3, -4, 9, 9], layout: layout)
        #expect(pattern.isKept == [false, true, true, false, true, true, true, true])
    }

    @Test func twoOfFourKeepsTwoEverywhere() throws {
        let (spec, start, _) = try FakeQuantizationTests.trained("resnet8")
        let layout = try spec.layout()
        let mask = try PruningMask.twoOfFour(start, layout: layout)
        for entry in layout.entries where entry.kind == .weight {
            for row in 0..<entry.rowCount {
                let kept = mask.isKept[(entry.offset + row * entry.columnCount)...].prefix(entry.columnCount)
                for first in stride(from: 0, to: kept.count, by: 4) {
                    #expect(kept.dropFirst(first).prefix(4).count { $0 } <= 2)
                }
            }
        }
        let after = try Self.train(.pruned(mask)).after
        #expect(after.indices.allSatisfy { mask.isKept[$0] || after[$0] == 0 })
    }

    @Test(arguments: [2, 16])
    func sharedWeightsMoveTogether(count: Int) throws {
        let (spec, start, _) = try FakeQuantizationTests.trained("resnet8")
        let layout = try spec.layout()
        let shared = try SharedWeights(start, layout: layout, centroidCount: count)
        var tied = start
        try shared.apply(to: &tied, layout: layout)
        let after = try Self.train(.shared(shared)).after
        #expect(after != tied)
        let fresh = try shared.refreshed(from: after, layout: layout)
        for (tensor, old) in zip(fresh.tensors, shared.tensors) {
            #expect(tensor.codebook.centroids.count <= count)
            #expect(
                zip(tensor.indices, tensor.indices.dropFirst()).count { $0 == $1 }
                    >= zip(old.indices, old.indices.dropFirst()).count { $0 == $1 })
        }
        var again = after
        try fresh.apply(to: &again, layout: layout)
        #expect(again == after)
        #expect(fresh.byteCount < 4 * layout.count * (count == 2 ? 1 : 5) / (count == 2 ? 10 : 20))
    }

    @Test func frozenTensorsRest() throws {
        let names: Set<String> = ["10.dense/weight", "10.dense/bias"]
        let (before, after, layout) = try Self.train(.onlyTraining(tensors: names))
        for entry in layout.entries {
            #expect((before[entry.range] == after[entry.range]) == !names.contains(entry.name), "\(entry.name)")
        }
        #expect(throws: TrainingError.self) { try Self.train(.onlyTraining(tensors: ["x"])) }
    }

    @Test func anotherModelsConstraintIsRefused() throws {
        #expect(throws: TrainingError.self) { try Self.train(.pruned(PruningMask(isKept: [true]))) }
        let spec = try ModelSpec.builtIn("linear", inputShape: [3], classCount: 3)
        let shared = try SharedWeights(
            spec.initialParameters(seed: Seed(1)), layout: spec.layout(), centroidCount: 2)
        #expect(throws: TrainingError.self) { try Self.train(.shared(shared)) }
    }
}
