/// What one session of secure aggregation has agreed on besides its clients.
public struct MaskingRules: Hashable, Sendable {
    /// Neighbours and shares.
    public let choice: MaskingThreshold
    /// Largest magnitude of a value of one client, 1 or more; 2^(B−1) − 1 for values of B bits.
    public let magnitude: Int
    /// Values of an upload.
    public let count: Int
    /// Whatever else all clients must use alike, such as scales; it enters the session id. At most 65,535 bytes.
    public let publicState: [UInt8]

    /// Makes the value from its fields.
    public init(choice: MaskingThreshold, magnitude: Int, count: Int, publicState: [UInt8] = []) {
        precondition((1...1 << 20).contains(magnitude) && count >= 0 && publicState.count <= 65_535)
        self.choice = choice
        self.magnitude = magnitude
        self.count = count
        self.publicState = publicState
    }

    /// Bits of a value in the sum of `clients` uploads: ⌈log₂(2·n·magnitude + 1)⌉.
    public func bits(clients: Int) -> Int {
        let largest = 2 * clients * magnitude
        return max(MaskedVector.bitsRange.lowerBound, Int.bitWidth - largest.leadingZeroBitCount)
    }

    var encoded: [UInt8] {
        MaskingBytes.integer(choice.degree, 2) + MaskingBytes.integer(choice.threshold, 2)
            + MaskingBytes.integer(magnitude, 4) + MaskingBytes.integer(count, 4)
            + MaskingBytes.integer(publicState.count, 2) + publicState
    }

    init(from bytes: inout MaskingBytes) throws(MaskingError) {
        let degree = try bytes.integer(2, "degree")
        let threshold = try bytes.integer(2, "threshold")
        let magnitude = try bytes.integer(4, "magnitude")
        let count = try bytes.integer(4, "count")
        let stateCount = try bytes.integer(2, "public state")
        guard (1...1 << 20).contains(magnitude) else { throw .malformed("magnitude") }
        self.init(
            choice: MaskingThreshold(degree: degree, threshold: threshold), magnitude: magnitude, count: count,
            publicState: try bytes.take(stateCount, "public state"))
    }
}
