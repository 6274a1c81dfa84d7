import Encryption
import Messages

/// Writes values of a stored state one behind the other: integers and floats little-endian, byte strings and arrays
/// with their count before them.
struct StoredBytesWriter {
    private(set) var bytes: [UInt8]

    /// Begins with a kind of eight characters and a format version.
    init(kind: String, version: UInt32) {
        bytes = Array(kind.utf8)
        integer(version)
    }

    mutating func integer(_ value: some FixedWidthInteger) { bytes += value.littleEndianBytes }

    mutating func string(_ value: [UInt8]) {
        integer(UInt64(value.count))
        bytes += value
    }

    mutating func floats(_ values: [Float]) { string(FloatBytes.encode(values)) }

    mutating func optional<Value>(_ value: Value?, _ write: (inout Self, Value) -> Void) {
        integer(UInt8(value == nil ? 0 : 1))
        if let value { write(&self, value) }
    }

    /// Everything written, and BLAKE2b-256 of it.
    func finish() -> [UInt8] { bytes + Blake2b256.hash(bytes) }
}

/// Reads what `StoredBytesWriter` wrote; every count is held against the bytes that are there before anything is taken.
struct StoredBytesReader {
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// Checks checksum, kind and version.
    init(_ bytes: [UInt8], kind: String, version: UInt32) throws(FederationError) {
        end = bytes.count - Blake2b256.byteCount
        guard end >= kind.utf8.count + 4 else { throw .damagedState("length") }
        guard Blake2b256.hash(Array(bytes[..<end])) == Array(bytes[end...]) else { throw .checksumMismatch }
        guard bytes.starts(with: kind.utf8) else { throw .damagedState("kind") }
        self.bytes = bytes
        position = kind.utf8.count
        let found: UInt32 = try integer("version")
        guard found == version else { throw .unknownStateVersion(found) }
    }

    mutating func integer<Value: FixedWidthInteger>(_ field: String) throws(FederationError) -> Value {
        let size = MemoryLayout<Value>.size
        guard end - position >= size else { throw .damagedState(field) }
        defer { position += size }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Value.self)) }
    }

    mutating func string(_ field: String) throws(FederationError) -> [UInt8] {
        let count: UInt64 = try integer(field)
        guard count <= UInt64(end - position) else { throw .damagedState(field) }
        defer { position += Int(count) }
        return Array(bytes[position..<(position + Int(count))])
    }

    mutating func floats(_ field: String) throws(FederationError) -> [Float] {
        let raw = try string(field)
        guard raw.count % 4 == 0 else { throw .damagedState(field) }
        return FloatBytes.decode(raw)
    }

    mutating func digest(_ field: String) throws(FederationError) -> Digest {
        guard let digest = Digest(try string(field)) else { throw .damagedState(field) }
        return digest
    }

    mutating func isPresent(_ field: String) throws(FederationError) -> Bool {
        let flag: UInt8 = try integer(field)
        guard flag < 2 else { throw .damagedState(field) }
        return flag == 1
    }

    /// Nothing may be left over.
    func finish() throws(FederationError) { guard position == end else { throw .damagedState("end") } }
}
