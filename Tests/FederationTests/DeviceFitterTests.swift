import Federation
import Foundation
import Testing

struct DeviceFitterTests {
    private static let device = DeviceProfile(
        name: "device", summary: "a device", clockMegahertz: 100, ramByteCount: 64 * 1024, flashByteCount: 256 * 1024,
        cyclesPerMAC: PerLayerKind(convolution: 2, depthwise: 4, dense: 1), floatCyclesPerMAC: 10,
        activeMilliwatts: 20)

    /// 100 bytes a frame, 1,000 bytes up and 500 down a day.
    private static let radio = RadioProfile(
        name: "radio", summary: "a radio", payloadByteCount: 100, frameOverheadByteCount: 25,
        connectionMillijoules: 3, up: .init(bitsPerSecond: 1000, millijoulesPerKiB: 8, dailyByteCount: 1000),
        down: .init(bitsPerSecond: 1000, millijoulesPerKiB: 4, dailyByteCount: 500))

    private static func variant(
        _ name: String, flash: Int = 10_000, arena: Int = 1000, macs: Int = 1000, accuracy: Double? = nil
    ) -> ModelVariant {
        ModelVariant(
            name: name,
            cost: ModelCost(
                flashByteCount: flash, arenaByteCount: arena,
                macs: MACCount(convolution: macs, depthwise: 0, dense: 0), parameterCount: 1000),
            downloadByteCount: flash, accuracy: accuracy)
    }

    @Test func countsCyclesByKind() {
        let macs = MACCount(convolution: 1000, depthwise: 500, dense: 1000)
        #expect(Self.device.inferenceMilliseconds(macs) == 0.05)
        #expect(Self.device.millijoules(milliseconds: 0.05) == 0.001)
        #expect(Self.device.trainingMilliseconds(macs: 10_000) == 1)
    }

    @Test(arguments: [(0, 0, 0.0), (1, 1, 0.208), (100, 1, 1.0), (101, 2, 1.208), (1000, 10, 10.0)])
    func countsFrames(_ bytes: Int, _ frames: Int, _ seconds: Double) {
        let transfer = Self.radio.transfer(bytes, \.down)
        #expect(transfer.frames == frames)
        #expect(abs(transfer.airtimeSeconds - seconds) < 1e-9)
        #expect(transfer.days == Double(bytes) / 500)
    }

    @Test func waitsForTheAirWhereNoDayIsCapped() {
        var radio = Self.radio
        radio.up.dailyByteCount = nil
        #expect(radio.transfer(864_000_0, \.up).days == 1)
    }

    @Test func takesTheMostAccurateThatFits() {
        let fitter = DeviceFitter(device: Self.device)
        let ranked = fitter.ranked([
            Self.variant("small", accuracy: 0.8), Self.variant("large", flash: 200_000, accuracy: 0.99),
            Self.variant("wide", arena: 40_000, accuracy: 0.98), Self.variant("medium", macs: 5000, accuracy: 0.9),
            Self.variant("twin", macs: 4000, accuracy: 0.9), Self.variant("unknown"),
        ])
        #expect(ranked.map(\.variant) == ["twin", "medium", "small", "unknown", "large", "wide"])
        #expect(ranked.map(\.fits) == [true, true, true, true, false, false])
        #expect(ranked[4].reasons == ["needs 208192 bytes of flash, has 131072"])
        #expect(ranked[5].reasons == ["needs 40000 bytes of RAM, has 32768"])
        #expect(ranked[0].delivery == nil)
    }

    @Test func saysWhetherAModelIsDeliveredAndTrained() {
        let fitter = DeviceFitter(device: Self.device, radio: Self.radio)
        let report = fitter.report(
            Self.variant("int8"), traffic: TrainingTraffic(rounds: 100, upByteCount: 50, downByteCount: 200))
        #expect(report.fits)
        #expect(report.delivery?.days == 20)
        #expect(report.training?.ours.possible == true)
        #expect(report.training?.ours.days == 40)
        #expect(report.training?.float32.possible == false)
        #expect(report.training?.float32.days == 800)
        #expect(report.training?.float32.upBytesPerRound == 4000)
        let late = fitter.report(Self.variant("int8", flash: 16_000))
        #expect(!late.fits)
        #expect(late.reasons == ["delivery would take 32 days, allowed are 30.0"])
    }

    @Test func writesAndReadsItsReport() throws {
        let report = DeviceFitter(device: Self.device, radio: Self.radio).report(
            Self.variant("int8", accuracy: 0.5),
            traffic: TrainingTraffic(rounds: 1, upByteCount: 50, downByteCount: 200))
        let text = try report.json()
        #expect(text.contains("\"flash_available_bytes\" : 131072"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(FitReport.self, from: Data(text.utf8)) == report)
    }
}
