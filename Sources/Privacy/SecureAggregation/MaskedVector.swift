import Encryption

/// Whole numbers modulo 2^bits as they travel in the masked lane: `bits` bits a value, nothing more.
///
/// Surprise first: values are not stored one behind the other but as bit planes. 512 values make a group of `bits`
/// planes of 64 bytes; bit v of plane p is bit p of value v. A whole group is then added to another one by a ripple of
/// logical operations over whole words, and a key stream laid over it is used to its last bit: value v takes bit v of
/// `bits` different blocks, so masks are uniform modulo 2^bits without any rejection. The last group, of r < 512
/// values, has planes of ⌈r/8⌉ bytes.
public struct MaskedVector: Hashable, Sendable {
    /// Values of a whole group.
    public static let groupCount = 512
    /// Fewest and most bits of a value.
    public static let bitsRange = 2...30
    static let planeByteCount = groupCount / 8

    /// Number of values.
    public let count: Int
    /// Bits of a value.
    public let bits: Int
    /// The planes, group by group; `byteCount(count:bits:)` of them.
    public private(set) var bytes: [UInt8]

    /// All zeros.
    public init(count: Int, bits: Int) {
        precondition(count >= 0 && Self.bitsRange.contains(bits))
        self.count = count
        self.bits = bits
        bytes = [UInt8](repeating: 0, count: Self.byteCount(count: count, bits: bits))
    }

    /// Reads planes; nil when there are not exactly as many bytes as such a vector has.
    public init?(bytes: [UInt8], count: Int, bits: Int) {
        guard count >= 0, Self.bitsRange.contains(bits), bytes.count == Self.byteCount(count: count, bits: bits) else {
            return nil
        }
        self.count = count
        self.bits = bits
        self.bytes = bytes
    }

    /// Packs values modulo 2^bits.
    public init(_ values: [Int32], bits: Int) {
        self.init(count: values.count, bits: bits)
        bytes.withUnsafeMutableBufferPointer { bytes in
            values.withUnsafeBufferPointer { BitPlanes.split($0, bits: bits, into: bytes) }
        }
    }

    /// The values, taken from −2^(bits−1) up to 2^(bits−1) − 1.
    public func centred() -> [Int32] {
        [Int32](unsafeUninitializedCapacity: count) { values, initialized in
            bytes.withUnsafeBufferPointer { BitPlanes.join($0, bits: bits, into: values, count: count) }
            let half = UInt32(1) << (bits - 1)
            for index in 0..<count {
                values[index] = Int32(bitPattern: (UInt32(bitPattern: values[index]) ^ half) &- half)
            }
            initialized = count
        }
    }

    /// Bytes of `count` values of `bits` bits.
    public static func byteCount(count: Int, bits: Int) -> Int {
        (count / groupCount) * bits * planeByteCount + bits * ((count % groupCount + 7) / 8)
    }

    /// Adds another vector, modulo 2^bits.
    public mutating func add(_ other: MaskedVector) {
        precondition(other.count == count && other.bits == bits)
        bytes.withUnsafeMutableBytes { target in
            other.bytes.withUnsafeBytes { BitPlanes.add($0, to: target, count: count, bits: bits) }
        }
    }

    /// Adds or subtracts whole key streams, modulo 2^bits; the order makes no difference.
    ///
    /// One stretch of the vector takes all streams before the next one does, so that it stays in the nearest cache.
    public mutating func apply(_ streams: [Mask]) {
        let groupByteCount = bits * Self.planeByteCount
        let stretch = max(1, Self.stretchByteCount / groupByteCount)
        let total = bytes.count
        let (count, bits) = (count, bits)
        withUnsafeTemporaryAllocation(byteCount: stretch * groupByteCount, alignment: 64) { scratch in
            bytes.withUnsafeMutableBytes { target in
                for first in stride(from: 0, to: count, by: stretch * Self.groupCount) {
                    let values = min(stretch * Self.groupCount, count - first)
                    let offset = first / Self.groupCount * groupByteCount
                    let end = min(offset + stretch * groupByteCount, total)
                    let part = UnsafeMutableRawBufferPointer(rebasing: target[offset..<end])
                    let stream = UnsafeMutableRawBufferPointer(rebasing: scratch[0..<(end - offset)])
                    for mask in streams {
                        mask.stream.write(to: stream, fromBlock: offset / KeyStream.blockByteCount)
                        BitPlanes.add(
                            UnsafeRawBufferPointer(stream), to: part, count: values, bits: bits,
                            isSubtracted: mask.isSubtracted)
                    }
                }
            }
        }
    }

    private static let stretchByteCount = 8192
}

/// A key stream and the sign it is laid on with.
public struct Mask: Sendable {
    let stream: KeyStream
    let isSubtracted: Bool

    /// The stream of a key.
    public init(key: SecretBytes, isSubtracted: Bool) {
        stream = KeyStream(key: key)
        self.isSubtracted = isSubtracted
    }

    private init(stream: KeyStream, isSubtracted: Bool) {
        self.stream = stream
        self.isSubtracted = isSubtracted
    }

    /// The mask that takes this one off.
    var reversed: Mask { Mask(stream: stream, isSubtracted: !isSubtracted) }
}
