import Configuration
import Federation
import Nodes
import Testing

struct ModelFitTests {
    @Test func fitsAModelOfThisSizeEverywhere() throws {
        let catalog = try ProfileCatalog.standard()
        let fit = try ModelFit(builtIn: "cnn1d-har", inputShape: [6, 128], classCount: 6)
        let devices = try catalog.deviceNames.map { try catalog.profile($0 + "+lora-sf7") }
        let traffic = TrainingTraffic(rounds: 60, upByteCount: 2000, downByteCount: 2000)
        let reports = fit.reports(devices, traffic: traffic)
        #expect(reports.allSatisfy { $0.fits && $0.variant == "int8" && $0.macs == 948_864 })
        #expect(reports.allSatisfy { $0.training?.float32.possible == false && $0.training?.ours.possible == true })
    }

    @Test func narrowsWeightsWhereInt8DoesNotFit() throws {
        let fit = try ModelFit(builtIn: "cnn-fedavg", inputShape: [1, 28, 28], classCount: 10)
        let catalog = try ProfileCatalog.standard()
        let devices = try ["stm32u3", "stm32l4"].map { try catalog.profile($0) }
        let reports = fit.reports(devices)
        #expect(reports.map(\.variant) == ["int4", "int4-int8"])
        #expect(reports.map(\.fits) == [false, true])
        #expect(reports[0].reasons.count == 1)
    }
}
