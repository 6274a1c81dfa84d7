/// Builds a FlatBuffer back to front (https://flatbuffers.dev/internals): children first, the root last.
///
/// Bytes are kept in reverse, so that growing is appending. A reference is the distance of an object's first byte from the
/// end of the buffer, which later additions do not change.
struct FlatBufferBuilder {
    /// Distance of an object from the buffer's end.
    struct Reference: Hashable {
        fileprivate let distance: Int
    }

    private var reversed: [UInt8] = []
    private var largestAlignment = 4
    private var offsetTables: [[UInt8]: Int] = [:]
    private var tables: [[SlottedField]: Reference] = [:]
    private var vectors: [VectorKey: Reference] = [:]

    private struct SlottedField: Hashable {
        let slot: Int
        let value: Field
    }

    private struct VectorKey: Hashable {
        let bytes: [UInt8]
        let count: Int
        let alignment: Int
    }

    /// One field of a table; fields with the format's default value are left out by the caller.
    enum Field: Hashable {
        case int8(Int8)
        case bool(Bool)
        case int32(Int32)
        case float(Float)
        case reference(Reference)

        fileprivate var size: Int {
            switch self {
            case .int8, .bool: 1
            case .int32, .float, .reference: 4
            }
        }
    }

    /// A vector of scalars. Equal vectors are stored once.
    mutating func vector<Element: FixedWidthInteger>(_ elements: [Element], alignment: Int = 4) -> Reference {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(elements.count * MemoryLayout<Element>.size)
        for element in elements { withUnsafeBytes(of: element.littleEndian) { bytes.append(contentsOf: $0) } }
        let alignment = max(alignment, MemoryLayout<Element>.alignment)
        let key = VectorKey(bytes: bytes, count: elements.count, alignment: alignment)
        if let known = vectors[key] { return known }
        align(4, after: bytes.count)
        align(alignment, after: bytes.count)
        reversed.append(contentsOf: bytes.reversed())
        push(UInt32(elements.count))
        let reference = Reference(distance: reversed.count)
        vectors[key] = reference
        return reference
    }

    /// A vector of references to objects that exist already.
    mutating func vector(_ references: [Reference]) -> Reference {
        align(4, after: 4 * references.count)
        for reference in references.reversed() { push(reference) }
        push(UInt32(references.count))
        return Reference(distance: reversed.count)
    }

    /// Text, with the zero byte that the format wants behind it.
    mutating func string(_ text: String) -> Reference {
        let bytes = Array(text.utf8)
        align(4, after: bytes.count + 1)
        reversed.append(0)
        reversed.append(contentsOf: bytes.reversed())
        push(UInt32(bytes.count))
        return Reference(distance: reversed.count)
    }

    /// A table; `fields` by slot. Equal tables are stored once, and so are equal tables of field offsets.
    mutating func table(_ fields: [(slot: Int, value: Field)]) -> Reference {
        let key = fields.map { SlottedField(slot: $0.slot, value: $0.value) }
        if let known = tables[key] { return known }
        let reference = store(fields)
        tables[key] = reference
        return reference
    }

    private mutating func store(_ fields: [(slot: Int, value: Field)]) -> Reference {
        let start = reversed.count
        var ends = [Int](repeating: 0, count: (fields.map(\.slot).max() ?? -1) + 1)
        // Large fields first leaves the fewest holes; the order of slots decides among equals.
        for field in fields.sorted(by: { ($0.value.size, $0.slot) > ($1.value.size, $1.slot) }) {
            align(field.value.size, after: 0)
            push(field.value)
            ends[field.slot] = reversed.count
        }
        align(4, after: 0)
        push(Int32(0))
        let table = reversed.count
        var offsets = [UInt8]()
        for value in [4 + 2 * ends.count, table - start] + ends.map({ $0 == 0 ? 0 : table - $0 }) {
            withUnsafeBytes(of: UInt16(value).littleEndian) { offsets.append(contentsOf: $0) }
        }
        let position = offsetTables[offsets] ?? storeOffsets(offsets)
        // The signed distance from the table back to its offsets, written where the placeholder stands.
        withUnsafeBytes(of: Int32(position - table).littleEndian) { bytes in
            for (index, byte) in bytes.enumerated() { reversed[table - 1 - index] = byte }
        }
        return Reference(distance: table)
    }

    private mutating func storeOffsets(_ offsets: [UInt8]) -> Int {
        align(2, after: offsets.count)
        reversed.append(contentsOf: offsets.reversed())
        offsetTables[offsets] = reversed.count
        return reversed.count
    }

    /// The finished buffer.
    mutating func finish(root: Reference, identifier: String) -> [UInt8] {
        align(largestAlignment, after: 8)
        reversed.append(contentsOf: identifier.utf8.reversed())
        push(root)
        return reversed.reversed()
    }

    private mutating func push(_ field: Field) {
        switch field {
        case .int8(let value): push(value)
        case .bool(let value): push(UInt8(value ? 1 : 0))
        case .int32(let value): push(value)
        case .float(let value): push(value.bitPattern)
        case .reference(let value): push(value)
        }
    }

    private mutating func push(_ reference: Reference) {
        push(UInt32(reversed.count + 4 - reference.distance))
    }

    private mutating func push<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { reversed.append(contentsOf: $0) }
    }

    /// Pads so that the buffer is aligned once `count` more bytes are there.
    private mutating func align(_ size: Int, after count: Int) {
        largestAlignment = max(largestAlignment, size)
        let excess = (reversed.count + count) % size
        if excess > 0 { reversed.append(contentsOf: repeatElement(0, count: size - excess)) }
    }
}
