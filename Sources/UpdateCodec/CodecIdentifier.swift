/// The five bits that name a payload format in an update's header.
enum CodecIdentifier: UInt8 {
    case float32 = 0
    case int8 = 1
    case transform = 2
    case transformWithContext = 3
    case half = 16
    case int4 = 17
    case sparseTernary = 18
    case sparseHalf = 19
    case qsgd = 20
    case signSGD = 21
    case kMeans = 22
    case rotatedOneBit = 23
    case latticeDifference = 24
    case wholeLattice = 25
}
