import Encryption
import Foundation
import ModelFormats
import Testing

struct DeviceBundleTests {
    private static let key = SigningKeyPair.generate()

    /// A signed folder of two files; removed behind `body`.
    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var bundle = DeviceBundle(model: "cnn", version: 7, modelHash: "", profile: "stm32l4")
        try bundle.add("labels.txt", text: "a\nb\n")
        try bundle.add("model.h", [1, 2, 3])
        try bundle.write(to: folder, signedBy: key)
        try body(folder)
    }

    @Test func isVerifiedAsWritten() throws {
        try Self.withFolder { folder in
            let manifest = try DeviceBundle.verify(folder, signer: Self.key.publicKey)
            #expect(manifest.files.map(\.name) == ["labels.txt", "model.h"])
            #expect(manifest.files.map(\.byteCount) == [4, 3])
            #expect(manifest.version == 7)
            #expect(try DeviceBundle.verify(folder) == manifest)
        }
    }

    @Test(arguments: ["labels.txt", "model.h", "bundle.json", "bundle.sig"])
    func refusesChangedAndMissingFiles(_ name: String) throws {
        try Self.withFolder { folder in
            let file = folder.appendingPathComponent(name)
            let content = try Data(contentsOf: file)
            for position in stride(from: 0, to: content.count, by: 7) {
                var changed = content
                changed[position] ^= 1
                try changed.write(to: file)
                #expect(throws: ModelFormatError.self) { try DeviceBundle.verify(folder) }
            }
            try content.dropLast().write(to: file)
            if name != "bundle.sig" {
                #expect(throws: ModelFormatError.self) { try DeviceBundle.verify(folder) }
            }
            try FileManager.default.removeItem(at: file)
            #expect(throws: ModelFormatError.self) { try DeviceBundle.verify(folder) }
        }
    }

    @Test func refusesAnotherSigner() throws {
        try Self.withFolder { folder in
            #expect(throws: ModelFormatError.self) {
                try DeviceBundle.verify(folder, signer: SigningKeyPair.generate().publicKey)
            }
        }
    }

    @Test func refusesStrangers() throws {
        try Self.withFolder { folder in
            try Data([1]).write(to: folder.appendingPathComponent("more.bin"))
            #expect(throws: ModelFormatError.invalidBundle("'more.bin' is in the folder but not in the manifest")) {
                try DeviceBundle.verify(folder)
            }
        }
    }

    @Test(arguments: ["", "../up", "a/b", ".hidden", "bundle.json", "bundle.sig", "labels.txt", "ümlaut"])
    func refusesNames(_ name: String) throws {
        var bundle = DeviceBundle(model: "cnn", version: 1, modelHash: "", profile: "phone")
        try bundle.add("labels.txt", [])
        #expect(throws: ModelFormatError.self) { try bundle.add(name, []) }
    }
}
