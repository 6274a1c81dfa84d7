import Encryption
import Foundation

/// The files that a device and its makers get, as one signed folder.
public struct DeviceBundle: Sendable {
    /// Name of the model.
    public let model: String
    /// Version of the federation's model.
    public let version: Int
    /// Hash of the model as published, 64 hexadecimal digits, or empty.
    public let modelHash: String
    /// Name of the device profile.
    public let profile: String
    /// Content by file name.
    public private(set) var files: [String: [UInt8]] = [:]

    /// Begins an empty bundle.
    public init(model: String, version: Int, modelHash: String, profile: String) {
        self.model = model
        self.version = version
        self.modelHash = modelHash
        self.profile = profile
    }

    /// Adds a file.
    ///
    /// - Throws: `ModelFormatError.invalidBundle` for a name that is taken, reserved or not plain.
    public mutating func add(_ name: String, _ content: [UInt8]) throws(ModelFormatError) {
        try Self.check(name)
        guard files.updateValue(content, forKey: name) == nil else {
            throw .invalidBundle("the file '\(name)' is there twice")
        }
    }

    /// Adds a text.
    ///
    /// - Throws: as `add(_:_:)`.
    public mutating func add(_ name: String, text: String) throws(ModelFormatError) {
        try add(name, Array(text.utf8))
    }

    /// Writes the folder anew, manifest and signature last.
    ///
    /// - Throws: `ModelFormatError.invalidBundle` where a file cannot be written.
    public func write(to folder: URL, signedBy key: SigningKeyPair) throws(ModelFormatError) {
        let entries = files.sorted { $0.key < $1.key }.map { name, content in
            BundleManifest.Entry(
                name: name, byteCount: content.count, blake2b256: hexadecimal(Blake2b256.hash(content)))
        }
        let manifest = BundleManifest(
            format: BundleManifest.currentFormat, model: model, version: version, modelHash: modelHash,
            profile: profile, signer: hexadecimal(key.publicKey), files: entries)
        do {
            let file = try manifest.encoded()
            let signature = hexadecimal(key.sign(BundleManifest.message(file))) + "\n"
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, content) in files { try Data(content).write(to: folder.appendingPathComponent(name)) }
            try Data(file).write(to: folder.appendingPathComponent(BundleManifest.fileName))
            try Data(signature.utf8).write(to: folder.appendingPathComponent(BundleManifest.signatureFileName))
        } catch {
            throw .invalidBundle("cannot be written to \(folder.path): \(error.localizedDescription)")
        }
    }

    static func check(_ name: String) throws(ModelFormatError) {
        let isPlain = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "._-".utf8.contains(byte)
        }
        let isReserved = [BundleManifest.fileName, BundleManifest.signatureFileName].contains(name)
        guard isPlain, !isReserved, !name.hasPrefix("."), (1...100).contains(name.utf8.count) else {
            throw .invalidBundle("'\(name)' cannot name a file; letters, digits, '.', '_' and '-' can")
        }
    }
}
