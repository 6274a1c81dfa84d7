import Encryption
import Foundation

extension DeviceBundle {
    /// Largest file that is read (1 GiB).
    public static let maximumFileByteCount = 1 << 30

    /// Checks a folder against its manifest, and the manifest against its signature.
    ///
    /// - Parameters:
    ///   - folder: as `write` left it; other files in it are refused.
    ///   - signer: the key that must have signed, 32 bytes; nil accepts any and leaves the judgement of
    ///     `BundleManifest.signer` to the caller.
    /// - Throws: `ModelFormatError.invalidBundle` with the first thing that is wrong.
    public static func verify(_ folder: URL, signer: [UInt8]? = nil) throws(ModelFormatError) -> BundleManifest {
        let file = try read(BundleManifest.fileName, in: folder, limit: BundleManifest.maximumByteCount)
        let manifest = try BundleManifest(decoding: file)
        let text = String(
            decoding: try read(BundleManifest.signatureFileName, in: folder, limit: 1024), as: UTF8.self)
        guard let key = bytes(hexadecimal: manifest.signer), signer == nil || signer == key else {
            throw .invalidBundle("it is signed by \(manifest.signer), not by the key that was asked for")
        }
        guard let signature = bytes(hexadecimal: text.trimmingCharacters(in: .newlines)),
            SigningKeyPair.verify(signature: signature, message: BundleManifest.message(file), publicKey: key)
        else { throw .invalidBundle("the signature does not belong to \(BundleManifest.fileName)") }
        try checkNames(manifest, folder)
        for entry in manifest.files {
            let content = try read(entry.name, in: folder, limit: maximumFileByteCount)
            guard content.count == entry.byteCount, hexadecimal(Blake2b256.hash(content)) == entry.blake2b256 else {
                throw .invalidBundle("the content of '\(entry.name)' is not what the manifest names")
            }
        }
        return manifest
    }

    private static func checkNames(_ manifest: BundleManifest, _ folder: URL) throws(ModelFormatError) {
        for entry in manifest.files { try check(entry.name) }
        let names = Set(manifest.files.map(\.name))
        guard names.count == manifest.files.count else { throw .invalidBundle("the manifest names a file twice") }
        let known = names.union([BundleManifest.fileName, BundleManifest.signatureFileName])
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        if let stranger = found.sorted().first(where: { !known.contains($0) }) {
            throw .invalidBundle("'\(stranger)' is in the folder but not in the manifest")
        }
    }

    private static func read(_ name: String, in folder: URL, limit: Int) throws(ModelFormatError) -> [UInt8] {
        let file = folder.appendingPathComponent(name)
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? nil
        guard let size else { throw .invalidBundle("there is no file '\(name)' in \(folder.path)") }
        guard size <= limit else { throw .tooLarge(what: "bytes of '\(name)'", count: size, limit: limit) }
        do { return [UInt8](try Data(contentsOf: file)) } catch {
            throw .invalidBundle("'\(name)' cannot be read: \(error.localizedDescription)")
        }
    }
}
