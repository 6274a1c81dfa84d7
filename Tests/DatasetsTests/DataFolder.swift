import Datasets
import Foundation
import Tensors
import Testing

/// A folder of data files that lives as long as a test.
final class DataFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ bytes: [UInt8], _ name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

    func load(_ spec: DatasetSpec) throws(DatasetError) -> DatasetPair {
        try spec.load(dataRoot: url, clients: 1, seed: Seed(1))
    }

    /// What goes wrong when a data set is loaded; paths are given relative to the folder.
    func failure(_ spec: DatasetSpec) -> String {
        do throws(DatasetError) {
            _ = try load(spec)
            return "no failure"
        } catch {
            return error.description.replacingOccurrences(of: url.path + "/", with: "")
        }
    }
}

/// An IDX file.
func idx(_ type: UInt8, _ sizes: [Int], _ body: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { bigEndian(UInt32($0)) } + body
}

/// A version 1 `.npy` file whose header is padded as NumPy does.
func npy(_ descr: String, _ shape: String, _ body: [UInt8], fortran: String = "False") -> [UInt8] {
    let text = "{'descr': \(descr), 'fortran_order': \(fortran), 'shape': \(shape), }"
    let padding = 64 - (10 + text.utf8.count + 1) % 64
    let header = Array(text.utf8) + [UInt8](repeating: 0x20, count: padding) + [0x0a]
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(header.count)) + header + body
}

func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
func littleEndian(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }

/// A gzip member that stores its content, by RFC 1951 and RFC 1952.
func gzip(_ content: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    let starts = Array(stride(from: 0, to: max(content.count, 1), by: 65_535))
    for start in starts {
        let block = content[start..<min(start + 65_535, content.count)]
        let length = UInt16(block.count)
        result += [start == starts.last ? 1 : 0] + littleEndian(length) + littleEndian(~length) + block
    }
    return result + littleEndian(crc32(content)) + littleEndian(UInt32(content.count))
}

func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
}
