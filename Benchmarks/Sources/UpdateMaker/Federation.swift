import Datasets
import Foundation
import Tensors
import Training

/// Plain FedAvg in one process, as far as making updates needs it.
struct Federation {
    let settings: UpdateMaker.Settings
    let layout: ParameterLayout
    private(set) var lastMove: [Float]
    private let set: TrainingSet
    private let shares: [[Int]]
    private let trainer: Trainer
    private var parameters: [Float]
    private let seed: Seed

    init(_ settings: UpdateMaker.Settings) throws {
        self.settings = settings
        seed = Seed(settings.seed)
        let root = ProcessInfo.processInfo.environment["SWIFTLET_DATA"].map { URL(fileURLWithPath: $0) }
        let data = try settings.dataset.load(dataRoot: root, clients: settings.clients, seed: seed).train
        shares = try settings.partition.assign(data, clients: settings.clients, seed: seed)
            .map { Array($0.prefix(settings.samplesPerClient)) }
        set = try TrainingSet(inputs: data.inputs, labels: data.labels, elementCount: data.inputCount)
        let spec = try ModelSpec.builtIn(
            settings.model, inputShape: data.inputShape, classCount: data.classCount)
        layout = try spec.layout()
        trainer = try Trainer(spec: spec, maximumBatchSize: settings.local.batchSize)
        parameters = try spec.initialParameters(seed: seed)
        lastMove = [Float](repeating: 0, count: layout.count)
    }

    /// One round: the mean of the cohort's updates moves the model.
    mutating func advance(_ round: Int) throws {
        var random = SeededRandom(seed.derived("cohort", round))
        var clients = Array(0..<settings.clients)
        random.shuffle(&clients)
        var move = [Float](repeating: 0, count: layout.count)
        for client in clients.prefix(settings.cohort) {
            for (index, value) in try update(of: client, round).enumerated() {
                move[index] += value / Float(settings.cohort)
            }
        }
        for index in move.indices { parameters[index] += move[index] }
        lastMove = move
    }

    /// The updates of the first clients from where the model stands.
    func updates() throws -> [(name: String, values: [Float])] {
        try (0..<settings.kept).map { ("client\($0)", try update(of: $0, settings.rounds)) }
    }

    private func update(of client: Int, _ round: Int) throws -> [Float] {
        var trained = parameters
        _ = try trainer.train(
            parameters: &trained, on: set, indices: shares[client], plan: settings.local,
            seed: seed.derived("client", client, round))
        return zip(trained, parameters).map { $0 - $1 }
    }
}
