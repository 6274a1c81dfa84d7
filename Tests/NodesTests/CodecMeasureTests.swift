import Foundation
import ModelFormats
import Nodes
import Reporting
import Tensors
import Testing
import UpdateCodec

/// Updates from files, and what pipelines do with them.
struct CodecMeasureTests {
    /// A safetensors file of these tensors, read as updates.
    private static func write(_ tensors: [SafetensorsTensor], _ name: String = "x.safetensors") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appendingPathComponent(name)
        try Data(SafetensorsFile(tensors: tensors).encoded()).write(to: url)
        return url.path
    }

    private static func tensor(_ name: String, _ shape: [Int], seed: UInt64 = 1) -> SafetensorsTensor {
        var random = SeededRandom(Seed(seed))
        let values = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }
        return SafetensorsTensor(name: name, shape: shape, values: values)
    }

    private static func folder(_ path: String) -> URL { URL(fileURLWithPath: path).deletingLastPathComponent() }

    @Test func namesBeforeTheSlashGroupTensors() throws {
        let path = try Self.write([
            Self.tensor("b/w", [4, 3]), Self.tensor("plain.w", [2]), Self.tensor("a/layer/w", [2, 2, 2]),
            Self.tensor("b/bias", [4]), SafetensorsTensor(name: "b/steps", shape: [], values: [Int32(9)]),
        ])
        defer { try? FileManager.default.removeItem(at: Self.folder(path)) }
        let updates = try NamedUpdate.load(path)
        #expect(updates.map(\.name) == ["b", "x", "a"])
        #expect(updates[0].layout.entries.map(\.name) == ["w", "bias", "steps"])
        #expect(updates[0].layout.entries.map(\.kind) == [.weight, .vector, .vector])
        #expect(updates[0].values.count == 17 && updates[0].values[16] == 9)
        #expect(updates[2].layout.entries.map(\.name) == ["layer/w"])
    }

    @Test func whatIsNoNumberIsRefused() throws {
        let path = try Self.write([SafetensorsTensor(name: "w", shape: [2], values: [1, Float.nan])])
        defer { try? FileManager.default.removeItem(at: Self.folder(path)) }
        #expect(throws: NodeError.file(path: path, cause: "value 1 of 'w' is not a finite number")) {
            try NamedUpdate.load(path)
        }
    }

    @Test func onlyPipelinesWithoutATargetAreDriven() throws {
        #expect(try Pipeline("auto", nmse: 0.1).codec.name == "auto:nmse=0.1")
        #expect(try Pipeline("entropy:unbiased", nmse: 0.1).codec.name == "entropy:unbiased,nmse=0.1")
        #expect(try Pipeline("auto:nmse=0.5", nmse: 0.1).codec.name == "auto:nmse=0.5")
        #expect(try Pipeline("auto:bytes=900", nmse: 0.1).codec.name == "auto:bytes=900")
        #expect(try Pipeline("int8", nmse: 0.1).codec.name == "int8")
        #expect(try Pipeline.list(["auto", "int8"], nmse: [0.1, 0.5]).map(\.name) == ["auto", "auto", "int8"])
        #expect(throws: CodecError.self) { try Pipeline("int8", nmse: 2) }
        #expect(throws: CodecError.unknownCodec("x")) { try Pipeline("x") }
    }

    @Test(arguments: UpdateCodecs.names)
    func everyPipelineMeasuresRealBytes(name: String) throws {
        let path = try Self.write([Self.tensor("a/w", [16, 33]), Self.tensor("a/b", [16], seed: 2)])
        defer { try? FileManager.default.removeItem(at: Self.folder(path)) }
        let update = try #require(NamedUpdate.load(path).first)
        let pipeline = try Pipeline(name, nmse: 0.1)
        let row = try pipeline.measure(update, file: path, lastGlobalDelta: nil)
        let context = CodecContext(seed: Seed(0))
        let bytes = try pipeline.codec.encode(update.values, layout: update.layout, context: context)
        #expect(row.bytes == bytes.count && row.parameters == 544 && row.pipeline == name)
        #expect(row.bitsPerParameter == Double(8 * bytes.count) / 544)
        let nmse = try #require(row.nmse)
        if ["auto", "entropy"].contains(name) { #expect(nmse <= 0.1 && nmse > 0.09) }
        if name == "float32" { #expect(nmse == 0) }
    }

    @Test func theLastDeltaIsFoundByNameOrAlone() throws {
        let update = try Self.write([Self.tensor("a/w", [4, 4])])
        let many = try Self.write([Self.tensor("mean/w", [4, 4]), Self.tensor("prevdelta/w", [4, 4], seed: 7)])
        let same = try Self.write([Self.tensor("z/w", [4, 4]), Self.tensor("a/w", [4, 4], seed: 8)])
        let other = try Self.write([Self.tensor("a/w", [2, 8])])
        let none = try Self.write([Self.tensor("y/w", [4, 4]), Self.tensor("z/w", [4, 4])])
        defer {
            for path in [update, many, same, other, none] { try? FileManager.default.removeItem(at: Self.folder(path)) }
        }
        let updates = try NamedUpdate.load(update)
        let first = try #require(updates.first)
        #expect(try LastDelta(update).values(for: first) == first.values)
        #expect(try LastDelta(many).values(for: first) == Self.tensor("", [4, 4], seed: 7).floats())
        #expect(try LastDelta(same).values(for: first) == Self.tensor("", [4, 4], seed: 8).floats())
        #expect(throws: NodeError.self) { try LastDelta(other).values(for: first) }
        #expect(throws: NodeError.self) { try LastDelta(none).values(for: first) }
    }
}
