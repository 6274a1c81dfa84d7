import Tensors
import Testing
import Training

struct LastLayerTrainingTests {
    @Test func onlyTheLastLayerMovesAsItWouldInTheWholeModel() throws {
        let (spec, start, set) = try FakeQuantizationTests.trained("cnn-28x28")
        var parameters = start
        let plan = LocalTrainingPlan(epochs: 3, batchSize: 8, learningRate: 0.05, momentum: 0.9)
        let outcome = try LastLayerTraining(spec: spec, maximumBatchSize: 24).train(
            parameters: &parameters, on: set, indices: Array(4..<24), plan: plan, seed: Seed(3))
        #expect(outcome.sampleCount == 20)
        let last = Set(try spec.layout().entries.map(\.name).filter { $0.hasPrefix("\(spec.layers.count - 1).") })
        for entry in try spec.layout().entries {
            #expect((parameters[entry.range] == start[entry.range]) == !last.contains(entry.name))
        }
        // No batch norm in this model, so the frozen whole does the same; the order of samples differs.
        var whole = plan
        whole.batchSize = 20
        var (one, other) = (start, start)
        _ = try LastLayerTraining(spec: spec, maximumBatchSize: 24).train(
            parameters: &one, on: set, indices: Array(4..<24), plan: whole, seed: Seed(3))
        _ = try Trainer(spec: spec, maximumBatchSize: 24).train(
            parameters: &other, on: set, indices: Array(4..<24), plan: whole, seed: Seed(3),
            constraint: .onlyTraining(tensors: last))
        #expect(relativeDifference(one, other) < 1e-5)
    }

    @Test func modelsWithoutADenseEndAndBadIndicesAreRefused() throws {
        let spec = ModelSpec(name: "x", inputShape: [3], classCount: 3, layers: [.dense(out: 3)])
        #expect(throws: TrainingError.self) { try LastLayerTraining(spec: spec, maximumBatchSize: 2) }
        let (model, start, set) = try FakeQuantizationTests.trained("linear")
        var parameters = start
        #expect(throws: TrainingError.indexOutOfRange(index: 99, sampleCount: 24)) {
            try LastLayerTraining(spec: model, maximumBatchSize: 2).train(
                parameters: &parameters, on: set, indices: [99], plan: LocalTrainingPlan(batchSize: 2), seed: Seed(1))
        }
    }
}

struct ModelImportTests {
    static let spec = ModelSpec(
        name: "x", inputShape: [2, 4], classCount: 3,
        layers: [.conv1d(out: 2, window: Window(kernel: 3)), .batchNorm, .flatten, .dense(out: 3)])

    static func tensors(_ rename: (Int, String) -> String) throws -> [NamedTensor] {
        try spec.layout().entries.enumerated().map { index, entry in
            NamedTensor(
                name: rename(index, entry.name), shape: entry.shape,
                values: (0..<entry.count).map { Float(entry.offset + $0) })
        }
    }

    @Test func namesOrderAndTableFillEverything() throws {
        let expected = try (0..<Self.spec.layout().count).map { Float($0) }
        let named = try Self.spec.importing(Self.tensors { $1 }.reversed())
        #expect(named.parameters == expected && named.fresh.isEmpty && named.unused.isEmpty)
        var torch = try Self.tensors { index, _ in "t\(index)" }
        torch.insert(NamedTensor(name: "bn.num_batches_tracked", shape: [], values: [7]), at: 6)
        let ordered = try Self.spec.importing(torch, matching: .order)
        #expect(ordered.parameters == expected && ordered.unused == ["bn.num_batches_tracked"])
        let table = Dictionary(
            uniqueKeysWithValues: try Self.spec.layout().entries.enumerated().map { ($1.name, "t\($0)") })
        #expect(try Self.spec.importing(torch, matching: .table(table)).parameters == expected)
    }

    @Test func anotherHeadStartsAtRandom() throws {
        var tensors = try Self.tensors { $1 }
        tensors[6] = NamedTensor(name: tensors[6].name, shape: [5, 4], values: [Float](repeating: 1, count: 20))
        tensors[7] = NamedTensor(name: tensors[7].name, shape: [5], values: [Float](repeating: 1, count: 5))
        #expect(throws: TrainingError.self) { try Self.spec.importing(tensors) }
        for matching in [TensorMatching.names, .order] {
            let imported = try Self.spec.importing(tensors, matching: matching, freshLayer: "3.dense", seed: Seed(2))
            #expect(imported.fresh == ["3.dense/weight", "3.dense/bias"])
            let random = try Self.spec.initialParameters(seed: Seed(2))
            #expect(imported.parameters.suffix(15) == random.suffix(15))
            #expect(imported.parameters.first == 0)
        }
    }

    @Test func mistakesNameTheTensor() throws {
        let good = try Self.tensors { $1 }
        var cases: [([NamedTensor], String)] = [
            (Array(good.dropFirst()), "no tensor for '0.conv1d/weight' of shape [2, 2, 3]"),
            (good + [good[0]], "twice"),
        ]
        var wrong = good
        wrong[1] = NamedTensor(name: "0.conv1d/bias", shape: [3], values: [1, 2, 3])
        cases.append((wrong, "'0.conv1d/bias' has shape [2]"))
        wrong[1] = NamedTensor(name: "0.conv1d/bias", shape: [2], values: [1, 2, 3])
        cases.append((wrong, "of shape [2] has 3 values"))
        wrong[1] = NamedTensor(name: "0.conv1d/bias", shape: [2], values: [1, .nan])
        cases.append((wrong, "NaN"))
        for (tensors, message) in cases {
            do {
                _ = try Self.spec.importing(tensors)
                Issue.record("imported; expected: \(message)")
            } catch {
                #expect("\(error)".contains(message), "\(error)")
            }
        }
    }
}
