import Federation
import Testing

struct WorkPlannerTests {
    /// Three layers of 1,000, 2,000 and 100 parameters.
    private static let layers = [
        LayerWork(name: "0", firstParameter: 0, parameterCount: 1000, macs: 50_000, activationCount: 500),
        LayerWork(name: "1", firstParameter: 1000, parameterCount: 2000, macs: 20_000, activationCount: 200),
        LayerWork(name: "2", firstParameter: 3000, parameterCount: 100, macs: 100, activationCount: 20),
    ]

    private static func device(ram: Int, cap: Int? = nil) -> LinkedDevice {
        let device = DeviceProfile(
            name: "d", summary: "", clockMegahertz: 1, ramByteCount: ram, flashByteCount: 1 << 20,
            cyclesPerMAC: PerLayerKind(convolution: 1, depthwise: 1, dense: 1), floatCyclesPerMAC: 10,
            activeMilliwatts: 1)
        let way = RadioProfile.Direction(bitsPerSecond: 1000, millijoulesPerKiB: 1, dailyByteCount: cap)
        let radio = RadioProfile(
            name: "r", summary: "", payloadByteCount: 10, frameOverheadByteCount: 0, up: way, down: way)
        return LinkedDevice(device: device, radio: radio)
    }

    @Test func countsMemory() {
        let planner = WorkPlanner(layers: Self.layers, batchSize: 1)
        #expect(planner.memory(from: 0) == 3100 * 12 + 720 * 4)
        #expect(planner.memory(from: 1) == 2100 * 12 + 1000 + 220 * 4 + 500)
        #expect(planner.memory(from: 2) == 100 * 12 + 3000 + 20 * 4 + 500)
    }

    @Test(arguments: [(80_160, 0), (80_159, 1000), (55_160, 1000), (55_159, 3000), (9560, 3000), (1, 3000)])
    func trainsTheLastLayersThatFit(_ ram: Int, _ first: Int) {
        let plan = WorkPlanner(layers: Self.layers, batchSize: 1).plan(for: Self.device(ram: ram))
        #expect(plan.firstParameter == first)
        #expect(plan.device == "d+r")
        #expect(plan.updateByteCount == nil)
    }

    @Test func stepsForAsLongAsTimeAllows() {
        var planner = WorkPlanner(layers: Self.layers, batchSize: 2)
        // Forward 70,100 and backward twice 100 products, for two samples, at 10 µs each.
        let device = Self.device(ram: 1, cap: 3000)
        #expect(planner.plan(for: device).maximumSteps == Int(60_000 / 1406.0))
        planner.trainingSeconds = 0.001
        planner.roundsPerDay = 4
        let plan = planner.plan(for: device)
        #expect(plan.maximumSteps == 1)
        #expect(plan.updateByteCount == 750)
        #expect(planner.milliseconds(of: plan, steps: 3, on: device.device) == 3 * 1406)
    }
}
