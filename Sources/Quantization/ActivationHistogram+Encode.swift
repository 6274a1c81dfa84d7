/// The form in which a histogram travels: a few hundred bytes, counts to within 1/16.
///
/// Version byte 1; exponent as a signed byte; first bin, zigzag; number of bins; `low` and `high` as little-endian Float
/// bits; count of zeros; then the counts, a run of zeros being a zero and its length less 1. Numbers without a stated form
/// are variable-length, seven bits to a byte, lowest first. A count is one byte: 0 to 7 for itself, else `8 e + m` for
/// `(8 + m) · 2^(e − 1)`.
extension ActivationHistogram {
    static let version: UInt8 = 1

    /// Encodes in at most `maximumByteCount` bytes, with wider bins where needed.
    ///
    /// - Parameter maximumByteCount: at least 64.
    public func encoded(maximumByteCount: Int = 320) -> [UInt8] {
        precondition(maximumByteCount >= 64)
        var coarse = self
        var bytes = coarse.allBytes()
        while bytes.count > maximumByteCount {
            coarse.cover(low: low, high: high, exponent: coarse.exponent + 1)
            bytes = coarse.allBytes()
        }
        return bytes
    }

    private func allBytes() -> [UInt8] {
        var bytes: [UInt8] = [Self.version, UInt8(bitPattern: Int8(exponent))]
        Self.append(UInt64(bitPattern: Int64((firstBin << 1) ^ (firstBin >> 63))), to: &bytes)
        Self.append(UInt64(counts.count), to: &bytes)
        for end in [low, high] {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: end.bitPattern >> UInt32(shift)))
            }
        }
        bytes.append(Self.code(zeroCount))
        var run: UInt64 = 0
        for count in counts {
            if count == 0 {
                run += 1
                continue
            }
            Self.appendRun(&run, to: &bytes)
            bytes.append(Self.code(count))
        }
        Self.appendRun(&run, to: &bytes)
        return bytes
    }

    private static func appendRun(_ run: inout UInt64, to bytes: inout [UInt8]) {
        guard run > 0 else { return }
        bytes.append(0)
        append(run - 1, to: &bytes)
        run = 0
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The nearest count that one byte can hold; never 0 for something.
    static func code(_ count: UInt64) -> UInt8 {
        guard count > 7 else { return UInt8(count) }
        let limit = value(of: 255)
        guard count < limit else { return 255 }
        let shift = 63 - count.leadingZeroBitCount - 3
        let rounded = (count + (shift > 0 ? 1 << UInt64(shift - 1) : 0)) >> UInt64(shift)
        return rounded > 15 ? UInt8((shift + 2) * 8) : UInt8((shift + 1) * 8 + Int(rounded) - 8)
    }

    static func value(of code: UInt8) -> UInt64 {
        code < 8 ? UInt64(code) : UInt64(8 + code % 8) << UInt64(code / 8 - 1)
    }

    /// Reads what `encoded` wrote.
    ///
    /// - Throws: `.malformedHistogram` for another version, a truncated or overlong form, more bins than
    ///   `maximumBinCount`, ends beyond ±2^110 or that do not match the bins.
    public init(decoding bytes: [UInt8]) throws(QuantizationError) {
        var reader = HistogramReader(bytes: bytes[...])
        guard try reader.byte() == Self.version else { throw HistogramReader.malformed("unknown version") }
        exponent = Int(Int8(bitPattern: try reader.byte()))
        let zigzag = try reader.number()
        let binCount = try reader.number()
        guard Self.exponents.contains(exponent), binCount <= Self.maximumBinCount, zigzag < 1 << 32 else {
            throw HistogramReader.malformed("bins out of range")
        }
        firstBin = Int(zigzag >> 1) ^ -Int(zigzag & 1)
        low = try reader.float()
        high = try reader.float()
        guard low >= -Self.largest, high <= Self.largest, low <= 0, high >= 0 else {
            throw HistogramReader.malformed("ends are too large or leave out 0")
        }
        zeroCount = Self.value(of: try reader.byte())
        counts.reserveCapacity(Int(binCount))
        while counts.count < Int(binCount) {
            let code = try reader.byte()
            let run = code == 0 ? try reader.number() : 0
            guard run < UInt64(Int(binCount) - counts.count) else { throw HistogramReader.malformed("too many bins") }
            counts.append(contentsOf: repeatElement(Self.value(of: code), count: Int(run) + 1))
        }
        guard reader.isAtEnd else { throw HistogramReader.malformed("bytes behind the end") }
        let inverse = Self.power(-exponent)
        let bins = ((low * inverse).rounded(.down), (high * inverse).rounded(.down))
        let expected = counts.isEmpty ? low == 0 && high == 0 : bins.0 == Float(firstBin)
        guard expected, counts.isEmpty || bins.1 - bins.0 == Float(counts.count - 1) else {
            throw HistogramReader.malformed("ends and bins contradict each other")
        }
    }
}

private struct HistogramReader {
    var bytes: ArraySlice<UInt8>

    var isAtEnd: Bool { bytes.isEmpty }

    static func malformed(_ reason: String) -> QuantizationError { .malformedHistogram(reason) }

    mutating func byte() throws(QuantizationError) -> UInt8 {
        guard let byte = bytes.popFirst() else { throw Self.malformed("truncated") }
        return byte
    }

    mutating func number() throws(QuantizationError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 127) << UInt64(shift)
            if byte < 128 { return value }
        }
        throw Self.malformed("a number is too long")
    }

    mutating func float() throws(QuantizationError) -> Float {
        var bits: UInt32 = 0
        for shift in stride(from: 0, to: 32, by: 8) { bits |= UInt32(try byte()) << UInt32(shift) }
        return Float(bitPattern: bits)
    }
}
