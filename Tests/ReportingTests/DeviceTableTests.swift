import Foundation
import Reporting
import Testing

struct DeviceTableTests {
    static let summary = DeviceSummary(
        device: "stm32l4+lora-sf7", clients: 3, trainedParameters: 15_814, maximumSteps: 200, upBytesPerRound: 2100,
        downBytesPerRound: 9000,
        perClientRound: DeviceEffort(
            airtimeSeconds: 18, radioMillijoules: 640, trainingMillijoules: 70, float32AirtimeSeconds: 330,
            float32RadioMillijoules: 17_000),
        days: 120, float32Days: 1300)

    @Test func columnsAreAligned() {
        var phone = Self.summary
        phone.device = "phone"
        phone.days = nil
        phone.perClientRound.airtimeSeconds = 0.004
        let lines = DeviceTable([Self.summary, phone], style: .plain).lines
        #expect(Set(lines.dropFirst().map(\.count)).count == 1, "\(lines)")
        #expect(lines[3].contains("4.0ms"))
        #expect(lines[3].contains("·"))
    }

    @Test func writesEveryKey() throws {
        let data = try JSONEncoder().encode(Self.summary)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            Set(object.keys) == [
                "device", "clients", "days", "float32_days", "trained_parameters", "maximum_steps",
                "up_bytes_per_round", "down_bytes_per_round", "per_client_round",
            ])
        #expect(try JSONDecoder().decode(DeviceSummary.self, from: data) == Self.summary)
    }

    @Test func effortsAddUp() {
        var sum = DeviceEffort()
        for _ in 0..<4 { sum += Self.summary.perClientRound }
        #expect(sum / 4 == Self.summary.perClientRound)
        #expect(Self.summary.perClientRound.millijoules == 710)
    }
}
