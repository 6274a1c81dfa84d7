/// One named tensor of a safetensors file.
public struct SafetensorsTensor: Hashable, Sendable {
    /// The element types that are read and written; the raw value is the file's word for it.
    public enum ElementType: String, CaseIterable, Sendable {
        /// IEEE 754 single precision.
        case float32 = "F32"
        /// IEEE 754 half precision.
        case float16 = "F16"
        /// Signed, 8 bits.
        case int8 = "I8"
        /// Signed, 16 bits.
        case int16 = "I16"
        /// Signed, 32 bits.
        case int32 = "I32"
        /// Unsigned, 8 bits; also the carrier of packed 4-bit values, which the metadata must then explain.
        case uint8 = "U8"
        /// Signed, 64 bits.
        case int64 = "I64"

        /// Bytes per element.
        public var byteCount: Int {
            switch self {
            case .int8, .uint8: 1
            case .float16, .int16: 2
            case .float32, .int32: 4
            case .int64: 8
            }
        }
    }

    /// Unique in its file, not empty, and not `__metadata__`.
    public let name: String
    /// Type of the elements.
    public let dtype: ElementType
    /// Sizes, outermost first, each at least 0; empty for a single number.
    public let shape: [Int]
    /// The elements, little-endian and row-major.
    public let data: [UInt8]

    /// Puts a tensor together; `SafetensorsFile` checks that shape and data agree.
    public init(name: String, dtype: ElementType, shape: [Int], data: [UInt8]) {
        self.name = name
        self.dtype = dtype
        self.shape = shape
        self.data = data
    }

    /// A float32 tensor of `values`, row-major.
    public init(name: String, shape: [Int], values: [Float]) {
        self.init(name: name, dtype: .float32, shape: shape, data: littleEndianBytes(values.lazy.map(\.bitPattern)))
    }

    /// An int8 tensor of `values`, row-major.
    public init(name: String, shape: [Int], values: [Int8]) {
        self.init(name: name, dtype: .int8, shape: shape, data: littleEndianBytes(values))
    }

    /// An int16 tensor of `values`, row-major.
    public init(name: String, shape: [Int], values: [Int16]) {
        self.init(name: name, dtype: .int16, shape: shape, data: littleEndianBytes(values))
    }

    /// An int32 tensor of `values`, row-major.
    public init(name: String, shape: [Int], values: [Int32]) {
        self.init(name: name, dtype: .int32, shape: shape, data: littleEndianBytes(values))
    }

    /// The elements of a float32 tensor, row-major.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` for another element type.
    public func floats() throws(ModelFormatError) -> [Float] {
        try elements(.float32, as: UInt32.self).map { Float(bitPattern: $0) }
    }

    /// The elements of an int8, int16, int32 or int64 tensor, row-major.
    ///
    /// - Parameter type: the Swift type with the element type's width.
    /// - Throws: `ModelFormatError.invalidTensor` for another element type.
    public func integers<Integer: FixedWidthInteger & SignedInteger>(
        as type: Integer.Type
    ) throws(ModelFormatError) -> [Integer] {
        guard let expected = ElementType(rawValue: "I\(Integer.bitWidth)") else {
            throw .invalidTensor(name: name, cause: "no element type has \(Integer.bitWidth) bits")
        }
        return try elements(expected, as: type)
    }

    private func elements<Integer: FixedWidthInteger>(
        _ expected: ElementType, as type: Integer.Type
    ) throws(ModelFormatError) -> [Integer] {
        guard dtype == expected else {
            throw .invalidTensor(name: name, cause: "holds \(dtype.rawValue), not \(expected.rawValue)")
        }
        return data.withUnsafeBytes { bytes in
            (0..<(bytes.count / MemoryLayout<Integer>.size)).map { index in
                Integer(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Integer>.size, as: type))
            }
        }
    }
}

/// The little-endian bytes of some numbers, one behind the other.
func littleEndianBytes<Numbers: Collection>(_ numbers: Numbers) -> [UInt8] where Numbers.Element: FixedWidthInteger {
    let width = MemoryLayout<Numbers.Element>.size
    return [UInt8](unsafeUninitializedCapacity: numbers.count * width) { buffer, initialized in
        let raw = UnsafeMutableRawBufferPointer(buffer)
        for (index, number) in numbers.enumerated() {
            raw.storeBytes(of: number.littleEndian, toByteOffset: index * width, as: Numbers.Element.self)
        }
        initialized = numbers.count * width
    }
}
