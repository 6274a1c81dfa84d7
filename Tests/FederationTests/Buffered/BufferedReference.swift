import Federation
import Messages
import Quantization
import Tensors
import Testing

/// Says again in the plainest way what every version of buffered rounds must be, from nothing but who took part and how
/// late; updates travel as float32, which loses nothing.
struct BufferedReference {
    let model: LinearModel
    let configuration: CoordinatorConfiguration

    func check(_ records: [CoordinatorRecord], _ label: String) throws {
        var masters = [configuration.initialParameters]
        var lattices = [try ModelLattice(quantizing: masters[0], layout: model.layout)]
        let settings = try #require(configuration.policy.buffered)
        for (index, record) in records.enumerated() {
            let report = record.report
            let staleness = try #require(report.staleness)
            #expect(record.version == UInt32(index + 1), "\(label)")
            #expect(report.participants.count <= settings.size, "\(label)")
            #expect(Set(report.participants).count == report.participants.count, "\(label)")
            #expect(Set(report.participants).isSubset(of: report.cohort), "\(label)")
            #expect(staleness.allSatisfy { (0...settings.maximumStaleness).contains($0) }, "\(label)")
            var sum = FixedPointAccumulator(parameterCount: model.layout.count)
            for (client, late) in zip(report.participants, staleness) {
                let version = index - late
                let isFloat = configuration.parameters.compression.down == .float32
                let received = isFloat ? masters[version] : lattices[version].dequantized()
                let update = update(of: client, version: version, received: received)
                try sum.add(update.map { $0 * (1 / Float(1 + late).squareRoot()) }, weight: 10 + client)
            }
            let mean = try #require(sum.mean())
            let master = zip(masters[index], mean).map { $0 + $1 }
            #expect(record.master == master, "\(label), version \(record.version)")
            masters.append(master)
            lattices.append(
                try ModelLattice(quantizing: master, layout: model.layout, previous: lattices[index]))
        }
    }

    private func update(of client: Int, version: Int, received: [Float]) -> [Float] {
        let round = version + 1
        let task = TrainingTask(
            session: SessionID(unchecked: [UInt8](repeating: 0, count: 16)), round: round, parameters: received,
            plan: configuration.parameters.plan,
            seed: configuration.parameters.trainingSeed(round: round, client: client), deadline: .zero)
        return zip(model.train(task, client: client).parameters, received).map { $0 - $1 }
    }
}
