/// The five bits that name a payload format in an update's header.
enum CodecIdentifier: UInt8 {
    case float32 = 0
    case int8 = 1
    case transform = 2
}
