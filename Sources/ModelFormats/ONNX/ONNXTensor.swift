/// A named constant of an ONNX graph (`TensorProto`).
public struct ONNXTensor: Hashable, Sendable {
    /// The element types that are read and written; the raw value is the format's number (`TensorProto.DataType`).
    public enum ElementType: Int, CaseIterable, Sendable {
        /// IEEE 754 single precision.
        case float32 = 1
        /// Unsigned, 8 bits.
        case uint8 = 2
        /// Signed, 8 bits.
        case int8 = 3
        /// Signed, 32 bits.
        case int32 = 6
        /// Signed, 64 bits.
        case int64 = 7
        /// Signed, 4 bits, two to a byte, low nibble first; from opset 21 on.
        case int4 = 22

        /// Bytes of `count` elements; nil beyond `Int`.
        func byteCount(_ count: Int) -> Int? {
            let bits =
                switch self {
                case .int4: 4
                case .uint8, .int8: 8
                case .float32, .int32: 32
                case .int64: 64
                }
            let (product, overflow) = count.multipliedReportingOverflow(by: bits)
            return overflow || product > .max - 7 ? nil : (product + 7) / 8
        }
    }

    /// Unique in its graph.
    public let name: String
    /// Type of the elements.
    public let elementType: ElementType
    /// Sizes, outermost first; empty for a single number.
    public let shape: [Int]
    /// The elements, little-endian and row-major.
    public let data: [UInt8]

    /// Puts a tensor together; shape and data must agree.
    public init(name: String, elementType: ElementType, shape: [Int], data: [UInt8]) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.data = data
    }

    /// A float32 tensor, row-major.
    public init(name: String, shape: [Int], floats: some Collection<Float>) {
        self.init(
            name: name, elementType: .float32, shape: shape, data: littleEndianBytes(floats.map(\.bitPattern)))
    }

    /// An int8 tensor, row-major.
    public init(name: String, shape: [Int], int8 values: [Int8]) {
        self.init(name: name, elementType: .int8, shape: shape, data: littleEndianBytes(values))
    }

    /// An int32 tensor, row-major.
    public init(name: String, shape: [Int], int32 values: [Int32]) {
        self.init(name: name, elementType: .int32, shape: shape, data: littleEndianBytes(values))
    }

    /// An int64 tensor, row-major.
    public init(name: String, shape: [Int], int64 values: [Int64]) {
        self.init(name: name, elementType: .int64, shape: shape, data: littleEndianBytes(values))
    }

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The elements of a float32 tensor, row-major.
    ///
    /// - Throws: `ModelFormatError.invalidTensor` for another element type.
    public func floats() throws(ModelFormatError) -> [Float] {
        guard elementType == .float32 else {
            throw .invalidTensor(name: name, cause: "holds \(elementType), not float32")
        }
        return data.withUnsafeBytes { bytes in
            (0..<count).map { index in
                Float(
                    bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        }
    }
}
