import Federation
import Messages
import Quantization
import Tensors
import Testing

/// Says again in the plainest way what a published version must be, from nothing but who took part.
struct Reference {
    let model: LinearModel
    let configuration: CoordinatorConfiguration

    /// Checks every published version against the one before it; updates travel as float32, which loses nothing.
    func check(_ records: [CoordinatorRecord], seed: UInt64) throws {
        var master = configuration.initialParameters
        var lattice = try ModelLattice(quantizing: master, layout: model.layout)
        for (index, record) in records.enumerated() {
            #expect(record.version == UInt32(index + 1), "seed \(seed)")
            #expect(Set(record.report.participants).count == record.report.participants.count, "seed \(seed)")
            #expect(Set(record.report.participants).isSubset(of: record.report.cohort), "seed \(seed)")
            let received = try received(master, lattice, after: index > 0 ? records[index - 1] : nil)
            let mean = try mean(record.report, from: received)
            for entry in master.indices { master[entry] += mean[entry] }
            lattice = try ModelLattice(quantizing: master, layout: model.layout, previous: lattice)
            #expect(record.master == master, "seed \(seed), version \(record.version)")
        }
    }

    private func received(
        _ master: [Float], _ lattice: ModelLattice, after record: CoordinatorRecord?
    ) throws -> [Float] {
        switch configuration.parameters.compression.down {
        case .float32: return master
        case .int8: return lattice.dequantized()
        case .coded(let codec):
            let initial = try CodedModel(initial: configuration.initialParameters, layout: model.layout, codec: codec)
            return try initial.applying(record?.coded ?? []).parameters
        }
    }

    private func mean(_ report: RoundReport, from received: [Float]) throws -> [Float] {
        var sum = FixedPointAccumulator(parameterCount: model.layout.count)
        for client in report.participants {
            let task = TrainingTask(
                session: SessionID(unchecked: [UInt8](repeating: 0, count: 16)), round: report.round,
                parameters: received, plan: configuration.parameters.plan,
                seed: configuration.parameters.trainingSeed(round: report.round, client: client), deadline: .zero)
            let result = model.train(task, client: client)
            try sum.add(zip(result.parameters, received).map { $0 - $1 }, weight: result.sampleCount)
        }
        return try #require(sum.mean())
    }
}
