import Encryption
import Foundation

/// What a device bundle holds, by content hash: the file `bundle.json`.
///
/// The signature covers the bytes of that file behind a prefix that no other signed message has; it lies beside it in
/// `bundle.sig`.
public struct BundleManifest: Hashable, Codable, Sendable {
    /// One file of the bundle.
    public struct Entry: Hashable, Codable, Sendable {
        /// Name in the folder, without path.
        public var name: String
        /// Size.
        public var byteCount: Int
        /// BLAKE2b-256 of the content, 64 hexadecimal digits.
        public var blake2b256: String
    }

    /// The form of bundles that this type describes.
    public static let currentFormat = "swiftlet-bundle-1"
    /// Name of the manifest in the folder.
    public static let fileName = "bundle.json"
    /// Name of the signature in the folder: 128 hexadecimal digits and a line feed.
    public static let signatureFileName = "bundle.sig"
    /// Largest manifest that is read (1 MiB).
    public static let maximumByteCount = 1 << 20

    /// `currentFormat`.
    public var format: String
    /// Name of the model.
    public var model: String
    /// Version of the federation's model.
    public var version: Int
    /// BLAKE2b-256 of the model's lattice as published, 64 hexadecimal digits; empty where it was not published.
    public var modelHash: String
    /// Device profile that the bundle is fitted to, such as `stm32l4`.
    public var profile: String
    /// Ed25519 key of the signer, 64 hexadecimal digits.
    public var signer: String
    /// The files, sorted by name.
    public var files: [Entry]
}

extension BundleManifest {
    /// What is signed: prefix and file.
    static func message(_ file: [UInt8]) -> [UInt8] { Array("\(currentFormat)\n".utf8) + file }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return [UInt8](try encoder.encode(self)) + [0x0a]
    }

    init(decoding bytes: [UInt8]) throws(ModelFormatError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { self = try decoder.decode(Self.self, from: Data(bytes)) } catch {
            throw .invalidBundle("\(Self.fileName) is not a manifest: \(error.localizedDescription)")
        }
        guard format == Self.currentFormat else {
            throw .invalidBundle("format '\(format)'; this program knows \(Self.currentFormat)")
        }
    }
}

/// Digits of bytes.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Bytes of digits; nil for anything else.
func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { byte in Character(Unicode.Scalar(byte)).hexDigitValue }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    let values = digits.compactMap { $0 }
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
