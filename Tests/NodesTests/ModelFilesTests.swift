import Encryption
import Federation
import Foundation
import Messages
import ModelFormats
import Nodes
import Quantization
import Reporting
import TestSupport
import Tensors
import Testing
import Training

/// The model files of a run, read back with nothing but their format.
@Suite(.timeLimit(.minutes(1))) struct ModelFilesTests {
    @Test(arguments: ["linear", "cnn1d-gestures"]) func latticeHasTheReportedHash(model: String) async throws {
        let run = try await Run(model: model, compression: "{up: int8, down: int8}")
        #expect(PublishedModel.lattice(try run.lattice()).hash.hex == run.hash)
    }

    @Test func floatsHaveTheReportedHashWhereClientsReceiveFloats() async throws {
        let run = try await Run(model: "linear", compression: "{up: float32, down: float32}")
        #expect(PublishedModel.float(try run.master()).hash.hex == run.hash)
    }

    @Test(arguments: ["float32", "int8"]) func latticeIsWithinHalfAStepOfTheMaster(codec: String) async throws {
        let run = try await Run(model: "cnn1d-gestures", compression: "{up: \(codec), down: \(codec)}")
        let lattice = try run.lattice()
        let dequantized = lattice.dequantized()
        let master = try run.master()
        #expect(dequantized.count == run.parameterCount)
        #expect(master.count == run.parameterCount)
        var row = 0
        for entry in run.layout.entries {
            let columns = entry.range.count / entry.rowCount
            for start in stride(from: entry.range.lowerBound, to: entry.range.upperBound, by: columns) {
                let step = ScaleGrid.scale(code: lattice.scaleCodes[row])
                #expect((start..<start + columns).allSatisfy { abs(dequantized[$0] - master[$0]) <= step * 0.5001 })
                row += 1
            }
        }
    }

    /// One short run and its files.
    struct Run {
        let hash: String
        let parameterCount: Int
        let layout: ParameterLayout
        private let int8: SafetensorsFile
        private let float32: SafetensorsFile

        init(model: String, compression: String) async throws {
            var federation = try SmallFederation()
            federation.model = model
            federation.compression = compression
            federation.rounds = 2
            let arm = try #require(try await federation.simulate(mode: "memory").arms.first)
            hash = arm.modelHash
            parameterCount = arm.parameters
            func file(_ name: String) throws -> SafetensorsFile {
                try SafetensorsFile(
                    decoding: Array(Data(contentsOf: federation.folder.url.appendingPathComponent(name))))
            }
            int8 = try file("only/model.int8.safetensors")
            float32 = try file("only/model.fp32.safetensors")
            let text = try #require(int8.metadata["model"])
            layout = try JSONDecoder().decode(ModelSpec.self, from: Data(text.utf8)).layout()
            #expect(int8.metadata["version"] == "2")
        }

        func master() throws -> [Float] {
            try layout.entries.flatMap { try #require(float32[$0.name]).floats() }
        }

        func lattice() throws -> ModelLattice {
            var codes: [Int8] = []
            var values: [Int16] = []
            for entry in layout.entries {
                let tensor = try #require(int8[entry.name])
                #expect(tensor.shape == entry.shape)
                values +=
                    try entry.kind == .weight
                    ? tensor.integers(as: Int8.self).map(Int16.init) : tensor.integers(as: Int16.self)
                for scale in try #require(int8[entry.name + ".scale"]).floats() {
                    codes.append(try #require((Int8.min...Int8.max).first { ScaleGrid.scale(code: $0) == scale }))
                }
            }
            return try ModelLattice(layout: layout, scaleCodes: codes, values: values)
        }
    }
}
