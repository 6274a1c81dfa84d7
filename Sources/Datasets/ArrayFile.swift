import Foundation

/// The array that an IDX or `.npy` file holds: shape and raw elements, not converted yet.
struct ArrayFile {
    /// The file's path, for messages.
    let path: String
    /// Whether positions count decompressed bytes.
    let isCompressed: Bool
    /// Where in the (decompressed) file the elements begin.
    let dataOffset: Int
    let element: ElementType
    let isBigEndian: Bool
    /// Sizes, outermost first; at least one.
    let shape: [Int]
    /// The elements, row-major.
    let bytes: [UInt8]

    /// Number of samples: the outermost size.
    var sampleCount: Int { shape[0] }
    /// Number of elements: the product of the shape.
    var elementCount: Int { bytes.count / element.byteCount }

    /// Reads the elements that a header announced, and checks that the file ends with them.
    ///
    /// The product of the shape is capped before anything is allocated.
    init(
        body reader: inout ByteReader, element: ElementType, isBigEndian: Bool, shape: [Int]
    ) throws(DatasetError) {
        var count = 1
        for size in shape {
            let product = count.multipliedReportingOverflow(by: size)
            guard !product.overflow, product.partialValue <= Dataset.maximumValueCount else {
                let known = product.overflow ? Int.max : product.partialValue
                throw .tooLarge(
                    what: "\(reader.path): elements of an array of \(shape)", count: known,
                    limit: Dataset.maximumValueCount)
            }
            count = product.partialValue
        }
        path = reader.path
        isCompressed = reader.isCompressed
        dataOffset = reader.offset
        self.element = element
        self.isBigEndian = isBigEndian
        self.shape = shape
        bytes = try reader.read(count * element.byteCount, "the array of \(shape)")
        try reader.expectEnd(after: "the array of \(shape)")
    }

    /// Where element `index` lies in the file.
    func position(ofElement index: Int) -> FilePosition {
        let offset = dataOffset + index * element.byteCount
        return isCompressed ? .inflatedByte(offset) : .byte(offset)
    }

    /// An error about element `index`.
    func malformed(element index: Int, _ cause: String) -> DatasetError {
        .malformed(file: path, at: position(ofElement: index), cause: cause)
    }
}

extension ArrayFile {
    /// Every element as `value · scale + shift`, in the order of the file.
    ///
    /// - Throws: `malformed` at the first result that is NaN or infinite.
    func floats(scale: Float = 1, shift: Float = 0) throws(DatasetError) -> [Float] {
        let values = convertedFloats(scale, shift)
        // NaN and infinity have the largest bit patterns, so one maximum finds them without a branch per element.
        let largest = values.withUnsafeBufferPointer {
            $0.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7fff_ffff) }
        }
        if largest >= Float.infinity.bitPattern, let index = values.firstIndex(where: { !$0.isFinite }) {
            throw malformed(element: index, "value \(index) is not a finite number after scaling (\(values[index]))")
        }
        return values
    }

    /// Every element of a one-dimensional array of whole numbers.
    ///
    /// - Parameter what: what the numbers are, for messages (`label`, `client id`).
    /// - Throws: `malformed` for another shape or element type, or at the first number outside `range`.
    func integers(_ what: String, in range: ClosedRange<Int32>) throws(DatasetError) -> [Int32] {
        guard shape.count == 1 else {
            throw .malformed(file: path, at: position(ofElement: 0), cause: "\(what)s must be one row, not \(shape)")
        }
        guard element.isInteger else {
            throw .malformed(
                file: path, at: position(ofElement: 0), cause: "\(what)s must be whole numbers, not \(element)")
        }
        let wide = wideIntegers()
        var result: [Int32] = []
        result.reserveCapacity(wide.count)
        for (index, value) in wide.enumerated() {
            guard let number = Int32(exactly: value), range.contains(number) else {
                throw malformed(
                    element: index,
                    "\(what) \(value) of sample \(index) is out of range \(range.lowerBound)…\(range.upperBound)")
            }
            result.append(number)
        }
        return result
    }

    private func convertedFloats(_ scale: Float, _ shift: Float) -> [Float] {
        switch element {
        case .uint8: map(UInt8.self) { Float($0) * scale + shift }
        case .int8: map(Int8.self) { Float($0) * scale + shift }
        case .uint16: mapSwapped(UInt16.self) { Float($0) * scale + shift }
        case .int16: mapSwapped(Int16.self) { Float($0) * scale + shift }
        case .uint32: mapSwapped(UInt32.self) { Float($0) * scale + shift }
        case .int32: mapSwapped(Int32.self) { Float($0) * scale + shift }
        case .uint64: mapSwapped(UInt64.self) { Float($0) * scale + shift }
        case .int64: mapSwapped(Int64.self) { Float($0) * scale + shift }
        case .float32: mapSwapped(UInt32.self) { Float(bitPattern: $0) * scale + shift }
        case .float64: mapSwapped(UInt64.self) { Float(Double(bitPattern: $0)) * scale + shift }
        }
    }

    /// Whole numbers; an unsigned one beyond `Int64` becomes `Int64.max`, which no range accepts.
    private func wideIntegers() -> [Int64] {
        switch element {
        case .uint8: map(UInt8.self) { Int64($0) }
        case .int8: map(Int8.self) { Int64($0) }
        case .uint16: mapSwapped(UInt16.self) { Int64($0) }
        case .int16: mapSwapped(Int16.self) { Int64($0) }
        case .uint32: mapSwapped(UInt32.self) { Int64($0) }
        case .int32: mapSwapped(Int32.self) { Int64($0) }
        case .uint64: mapSwapped(UInt64.self) { Int64(clamping: $0) }
        case .int64: mapSwapped(Int64.self) { $0 }
        case .float32, .float64: []
        }
    }

    @inline(__always)
    private func mapSwapped<Stored: FixedWidthInteger, Result>(
        _ type: Stored.Type, _ transform: (Stored) -> Result
    ) -> [Result] {
        if isBigEndian {
            map(type) { transform(Stored(bigEndian: $0)) }
        } else {
            map(type) { transform(Stored(littleEndian: $0)) }
        }
    }

    @inline(__always)
    private func map<Stored: FixedWidthInteger, Result>(
        _ type: Stored.Type, _ transform: (Stored) -> Result
    ) -> [Result] {
        let count = elementCount
        return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { source in
                for index in 0..<count {
                    let stored = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: type)
                    buffer.initializeElement(at: index, to: transform(stored))
                }
            }
            initialized = count
        }
    }
}
