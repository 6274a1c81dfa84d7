import Federation
import Messages
import Tensors
import Testing
import TestSupport

struct WholeFederationTests {
    static let arms: [(up: String, down: Compression.Downlink)] = [
        ("float32", .float32), ("int8", .int8), ("float32", .int8), ("int8", .float32),
        ("auto:nmse=0.5", .coded("auto:nmse=0.1")), ("float32", .coded("auto:nmse=0.3")),
    ]

    static func finalHash(
        up: String = "int8", down: Compression.Downlink = .int8, seed: UInt64, rows: Int = 4
    ) throws -> Digest? {
        let model = try LinearModel(rows: rows)
        let configuration = try Fixtures.configuration(model, policy: Fixtures.policy(), up: up, down: down)
        var simulation = try Simulation(model, configuration, clients: 4, seed: seed)
        try simulation.run()
        #expect(simulation.finish?.outcome == .completed)
        for client in simulation.clients { #expect(client.finish?.modelHash == simulation.finish?.modelHash) }
        return simulation.finish?.modelHash
    }

    @Test(arguments: arms) func givesOneHashForEveryOrderOfArrival(up: String, down: Compression.Downlink) throws {
        let first = try Self.finalHash(up: up, down: down, seed: 1)
        #expect(first != nil)
        for seed in UInt64(2)...8 { #expect(try Self.finalHash(up: up, down: down, seed: seed) == first) }
    }
}
