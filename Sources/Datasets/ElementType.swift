/// The number formats that array files hold.
enum ElementType: Hashable {
    case uint8, int8
    case uint16, int16
    case uint32, int32
    case uint64, int64
    case float32, float64

    /// Bytes per number.
    var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether labels and client ids may have this type.
    var isInteger: Bool { self != .float32 && self != .float64 }
}
