/// What is known about a quantized coefficient before it is coded.
struct CoefficientContext {
    /// log2 of the expected magnitude in units of 1/256.
    var level: Int
    /// The neighbours that are already coded, with their signs.
    var left: Int
    var above: Int
    /// Magnitudes at the same place, or around it, that are known from elsewhere.
    var firstHint: Int
    var secondHint: Int
    /// log2 of a second, independent expectation in units of 1/256.
    var otherLevel: Int
}

/// Adaptive coding of signed integers: is it zero, is it larger than 1, 2, …, which sign; every decision in four
/// contexts around an expected magnitude.
struct CoefficientModel: ~Copyable {
    /// Groups of coefficients that learn apart from each other.
    static let familyCount = 4
    /// Largest magnitude that can be coded.
    static let largestMagnitude = 1 << 20

    private static let unaryLimit = 18
    private static let zeroSlots = 64 + 9 * 16 + 16 * 16 + 16 * 16
    private static let sizeSlots = 64 * 4 + 16 * 20 + 16 * 20 + 20
    private static let signSlots = 25
    private static let familySlots = zeroSlots + sizeSlots + signSlots

    private static let sideCount = 16
    private static let sideSlots = 64

    private let decisions: DecisionModel
    private let start: UnsafeMutablePointer<Int>

    init() {
        decisions = DecisionModel(
            slotCount: Self.familyCount * Self.familySlots + Self.sideCount * Self.sideSlots,
            weightSets: Self.familyCount * 24)
        start = .allocate(capacity: 64)
        for index in 0..<64 { start[index] = Self.startProbability(index) }
    }

    deinit { start.deallocate() }

    private static func startProbability(_ index: Int) -> Int {
        // mean in units of 2^-16, from quarter powers of two
        let quarter = [71468, 84990, 101_070, 120_193][index & 3]
        let mean = (index >> 2) >= 8 ? quarter << ((index >> 2) - 8) : quarter >> (8 - (index >> 2))
        return max(48, min(64900, mean * 65536 / (65536 + mean)))
    }

    /// Codes one coefficient.
    @inline(__always)
    func code<Coder: BinaryCoder>(
        _ value: Int, _ context: CoefficientContext, family: Int, with coder: inout Coder
    ) -> Int {
        let base = family * Self.familySlots
        let weights = family * 24
        let index = Self.clamp((context.level + 2048) >> 6, 63)
        let shift = max(0, min(16, (context.level >> 8) - 2))
        let coarse = index >> 2
        let left = min(2, abs(context.left))
        let above = min(2, abs(context.above))
        let hint = min(3, context.firstHint) * 4 + min(3, context.secondHint)
        let other = Self.clamp((context.otherLevel + 2048) >> 8, 15)
        let known = shift > 0 ? start[Self.clamp(((context.level - shift << 8) + 2048) >> 6, 63)] : start[index]

        let magnitude = abs(value)
        let high = magnitude >> shift
        let zeroContexts = (
            base + index, base + 64 + (left * 3 + above) * 16 + coarse, base + 208 + hint * 16 + coarse,
            base + 464 + other * 16 + coarse
        )
        var size = decisions.code(
            high > 0 ? 1 : 0, start: known, contexts: zeroContexts, set: weights + min(7, coarse >> 1), with: &coder)
        if size > 0 {
            let sizeBase = base + Self.zeroSlots
            let near = min(15, abs(context.left) + abs(context.above))
            while size < Self.unaryLimit {
                let contexts = (
                    sizeBase + index * 4 + min(3, size - 1), sizeBase + 256 + near * 20 + size,
                    sizeBase + 576 + hint * 20 + size, sizeBase + 896 + size
                )
                let more = decisions.code(
                    high > size ? 1 : 0, start: known, contexts: contexts, set: weights + 8 + min(7, size - 1),
                    with: &coder)
                if more == 0 { break }
                size += 1
            }
            if size == Self.unaryLimit {
                size += Self.codeEscape(high - Self.unaryLimit, with: &coder)
            }
        }
        var result = size
        if shift > 0 { result = size << shift | coder.codeRaw(magnitude & (1 << shift - 1), count: shift) }
        result = min(result, Self.largestMagnitude)
        if result == 0 { return 0 }
        return codeSign(value < 0 ? 1 : 0, context, base: base, with: &coder) != 0 ? -result : result
    }

    /// Codes a small number of side information, 0…limit: adaptive exponential Golomb.
    ///
    /// - Parameters:
    ///   - context: which number it is, 0…15.
    func codeSide<Coder: BinaryCoder>(_ value: Int, limit: Int, context: Int, with coder: inout Coder) -> Int {
        let base = Self.familyCount * Self.familySlots + context * Self.sideSlots
        if limit <= 1 {
            return limit == 0 ? 0 : decisions.code(value, start: 0x8000, context: base, with: &coder)
        }
        let width = Int.bitWidth - (value + 1).leadingZeroBitCount - 1
        let widest = Int.bitWidth - (limit + 1).leadingZeroBitCount - 1
        var count = 0
        while count < widest,
            decisions.code(width > count ? 1 : 0, start: 0x8000, context: base + count, with: &coder) != 0
        {
            count += 1
        }
        var result = 1
        for position in stride(from: count - 1, through: 0, by: -1) {
            // The two highest bits below the leading one are worth a model.
            let bit = (value + 1) >> position & 1
            let depth = count - 1 - position
            if depth < 2 {
                let slot = base + 8 + count * 4 + (depth == 0 ? 0 : 1 + result & 1)
                result = result << 1 | decisions.code(bit, start: 0x8000, context: slot, with: &coder)
            } else {
                result = result << 1 | coder.code(bit, probability: 0x8000)
            }
        }
        return min(limit, result - 1)
    }

    @inline(__always)
    private func codeSign<Coder: BinaryCoder>(
        _ sign: Int, _ context: CoefficientContext, base: Int, with coder: inout Coder
    ) -> Int {
        if context.left == 0 && context.above == 0 { return coder.code(sign, probability: 0x8000) }
        let slot = base + Self.zeroSlots + Self.sizeSlots + Self.trend(context.left) * 5 + Self.trend(context.above)
        return decisions.code(sign, start: 0x8000, context: slot, with: &coder)
    }

    @inline(__always)
    private static func trend(_ value: Int) -> Int { max(-2, min(2, value)) + 2 }

    @inline(__always)
    private static func clamp(_ value: Int, _ limit: Int) -> Int { max(0, min(limit, value)) }

    /// Exponential Golomb code for what the unary part does not reach.
    @inline(never)
    private static func codeEscape<Coder: BinaryCoder>(_ value: Int, with coder: inout Coder) -> Int {
        let width = Int.bitWidth - (value + 1).leadingZeroBitCount - 1
        var count = 0
        while count < 20, coder.code(width > count ? 1 : 0, probability: 0x8000) != 0 { count += 1 }
        return 1 << count + coder.codeRaw((value + 1) & (1 << count - 1), count: count) - 1
    }
}
