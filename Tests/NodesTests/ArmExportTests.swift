import Configuration
import Encryption
import Federation
import Foundation
import ModelFormats
import Nodes
import Quantization
import Reporting
import Tensors
import TestSupport
import Testing
import Training

@Suite(.timeLimit(.minutes(2))) struct ArmExportTests {
    @Test func leavesASignedBundleWithEveryFile() async throws {
        var federation = try SmallFederation()
        federation.model = "cnn1d-gestures"
        federation.rounds = 2
        _ = try await federation.simulate(
            mode: "memory", arms: ["a": "{up: int8, down: int8}, export: [stm32l4+ble5]"])
        let arm = federation.folder.url.appendingPathComponent("a")
        let key = try NodeIdentity.load(
            from: arm.appendingPathComponent("coordinator/coordinator.key").path, role: .coordinator)
        let folder = arm.appendingPathComponent("bundle-stm32l4+ble5")
        let manifest = try DeviceBundle.verify(folder, signer: key.signing.publicKey)
        #expect(
            manifest.files.map(\.name) == [
                "fit.json", "golden_inputs.npy", "golden_outputs.npy", "labels.txt", "model-card.md",
                "model.fp32.onnx", "model.h", "model.image", "model.int8.qdq.onnx", "model.int8.tflite",
                "model.safetensors", "quant_params.json",
            ])
        #expect(manifest.profile == "stm32l4+ble5")
        #expect(manifest.modelHash.count == 64)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let fit = try decoder.decode(
            FitFile.self, from: Data(contentsOf: folder.appendingPathComponent("fit.json")))
        #expect(fit.chosen.fits)
        #expect(fit.chosen.training?.ours.possible == true)
        #expect(fit.candidates.count == 3)
        #expect(fit.chosen.accuracy != nil)
        let model = try ONNXModel(
            decoding: [UInt8](Data(contentsOf: folder.appendingPathComponent("model.fp32.onnx"))))
        let trained = try TrainedModel(safetensors: folder.appendingPathComponent("model.safetensors"))
        #expect(try model.parameters(of: trained.spec) == trained.parameters)
    }

    /// The form is offered where 8 bits cost more than is tolerated, which here is anything.
    @Test(arguments: [(-1.0, ["int8", "int4-int8", "int4", "int8-int16"]), (1.0, ["int8", "int4-int8", "int4"])])
    func activationsGet16BitsWhere8CostTooMuch(tolerance: Double, forms: [String]) throws {
        let spec = try ModelSpec.builtIn("cnn1d-gestures", inputShape: [3, 64], classCount: 4)
        var random = SeededRandom(Seed(3))
        let count = spec.inputShape.reduce(1, *)
        let set = try TrainingSet(
            inputs: (0..<40 * count).map { _ in random.unitFloat() - 0.5 }, labels: (0..<40).map { Int32($0 % 4) },
            elementCount: count)
        // Larger weights than those of a new model, so that its outputs differ.
        let parameters = try spec.initialParameters(seed: Seed(1)).map { 3 * $0 }
        let model = TrainedModel(spec: spec, parameters: parameters, version: 1, modelHash: "")
        let candidates = try ModelCandidates(
            model, labels: [], calibration: set, test: set, seed: Seed(1), tolerance: tolerance)
        let device = try ProfileCatalog.standard().profile("phone+wifi")
        #expect(Set(candidates.ranked(for: device, traffic: nil).map(\.variant)) == Set(forms))
    }

    @Test func bundleIsCalibratedByClientsAndTrainedForRounding() async throws {
        var federation = try SmallFederation()
        federation.model = "cnn1d-gestures"
        federation.rounds = 2
        let rounds = "local: {calibration: {from_round: 2}, quantization_aware: {from_round: 2}}"
        let summary = try await federation.simulate(
            mode: "memory",
            arms: [
                "plain": "{up: int8, down: int8}",
                "prepared": "{up: int8, down: int8}, \(rounds), export: [stm32l4+ble5]",
            ])
        let (plain, prepared) = (summary.arms[0], summary.arms[1])
        #expect(plain.modelHash != prepared.modelHash)
        #expect(prepared.wire.upBytes > plain.wire.upBytes)
        let arm = federation.folder.url.appendingPathComponent("prepared")
        let trained = try TrainedModel(safetensors: arm.appendingPathComponent("model.fp32.safetensors"))
        #expect(trained.activations.count == (try trained.spec.quantizationPoints().count))
        #expect(trained.activations.allSatisfy { $0.total > 0 })
        let card = try String(
            contentsOf: arm.appendingPathComponent("bundle-stm32l4+ble5/model-card.md"), encoding: .utf8)
        #expect(card.contains("that clients sent"))
    }

    @Test func devicesTrainTheirPartInEveryMode() async throws {
        var federation = try SmallFederation()
        federation.model = "cnn1d-gestures"
        federation.rounds = 2
        federation.epochs = 1
        // One of the two devices has room for the last layers only.
        let arms = ["a": "{up: int8, down: int8}, devices: [phone+wifi, rp2040+lora-sf7]"]
        let memory = try #require(try await federation.simulate(mode: "memory", arms: arms).arms.first)
        let workers = try #require(try await federation.simulate(mode: "workers", arms: arms).arms.first)
        #expect(memory.modelHash == workers.modelHash)
        let devices = try #require(memory.devices)
        #expect(devices.map(\.device) == ["phone+wifi", "rp2040+lora-sf7"])
        #expect(devices.map(\.clients) == [2, 2])
        #expect(devices[0].trainedParameters == memory.parameters)
        #expect(devices[1].trainedParameters < memory.parameters)
        #expect(devices[1].perClientRound.airtimeSeconds < devices[1].perClientRound.float32AirtimeSeconds)
        #expect(try #require(devices[1].days) < #require(devices[1].float32Days))
        #expect(memory.roundsLog.allSatisfy { ($0.devices?.millijoules ?? 0) > 0 })
        let whole = try #require(
            try await federation.simulate(mode: "memory", arms: ["a": "{up: int8, down: int8}"]).arms.first)
        #expect(whole.modelHash != memory.modelHash)
        #expect(whole.devices == nil)
    }
}
