/// Adaptive probabilities for binary decisions: several contexts each give a probability, and a mixer that learns which
/// to trust combines their logits (Mahoney 2005, "Adaptive weighing of context models", Florida Tech CS-2005-16).
///
/// All arithmetic is on integers. A probability that is asked for the first time starts from the first context's, whose
/// own start is given, so that short messages pay little for learning.
struct DecisionModel: ~Copyable {
    /// Contexts per decision.
    static let inputCount = 4

    /// Per context: probability in units of 2^-22 above 10 bits of a visit count.
    private let slots: UnsafeMutablePointer<UInt32>
    private let slotCount: Int
    private let weights: UnsafeMutablePointer<Int32>
    private let reciprocals: UnsafeMutablePointer<Int32>
    private let squash: UnsafeMutablePointer<UInt16>
    private let stretch: UnsafeMutablePointer<Int16>

    /// Visits after which a probability stops slowing down.
    private static let visitLimit: UInt32 = 80

    /// - Parameters:
    ///   - slotCount: contexts in all, over all inputs.
    ///   - weightSets: mixers to choose from.
    init(slotCount: Int, weightSets: Int) {
        self.slotCount = slotCount
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
        weights = .allocate(capacity: weightSets * Self.inputCount)
        for index in 0..<(weightSets * Self.inputCount) {
            weights[index] = Int32(index % Self.inputCount == 0 ? 20000 : 10000)
        }
        reciprocals = .allocate(capacity: Int(Self.visitLimit) + 1)
        for count in 0...Int(Self.visitLimit) { reciprocals[count] = Int32(131072 / (2 * count + 4)) }
        squash = .allocate(capacity: Logistic.shared.squash.count)
        squash.initialize(from: Logistic.shared.squash, count: Logistic.shared.squash.count)
        stretch = .allocate(capacity: Logistic.shared.stretch.count)
        stretch.initialize(from: Logistic.shared.stretch, count: Logistic.shared.stretch.count)
    }

    deinit {
        slots.deallocate()
        weights.deallocate()
        reciprocals.deallocate()
        squash.deallocate()
        stretch.deallocate()
    }

    /// Codes one decision in four contexts.
    ///
    /// - Parameters:
    ///   - start: probability, in units of 2^-16, of the first context before it has been seen.
    ///   - set: the mixer to use.
    @inline(__always)
    func code<Coder: BinaryCoder>(
        _ bit: Int, start: Int, contexts: (Int, Int, Int, Int), set: Int, with coder: inout Coder
    ) -> Int {
        let slot0 = slots[contexts.0] == 0 ? UInt32(start) << 16 : slots[contexts.0]
        let fresh = slot0 & ~0x3ff
        let slot1 = slots[contexts.1] == 0 ? fresh : slots[contexts.1]
        let slot2 = slots[contexts.2] == 0 ? fresh : slots[contexts.2]
        let slot3 = slots[contexts.3] == 0 ? fresh : slots[contexts.3]
        let logit0 = Int32(stretch[Int(slot0 >> 20)])
        let logit1 = Int32(stretch[Int(slot1 >> 20)])
        let logit2 = Int32(stretch[Int(slot2 >> 20)])
        let logit3 = Int32(stretch[Int(slot3 >> 20)])
        let weight = weights + Self.inputCount * set
        let sum = weight[0] &* logit0 &+ weight[1] &* logit1 &+ weight[2] &* logit2 &+ weight[3] &* logit3
        let bound = Int32(Logistic.bound)
        let mixed = max(-bound, min(bound, (sum &+ 0x8000) >> 16))
        let probability = Int(squash[Int(mixed &+ bound)])
        let result = coder.code(bit, probability: probability)
        let error = Int32(result << 16) &- Int32(probability)
        let step = (error &* 6) >> 4
        weight[0] = weight[0] &+ (logit0 &* step &+ 0x2000) >> 14
        weight[1] = weight[1] &+ (logit1 &* step &+ 0x2000) >> 14
        weight[2] = weight[2] &+ (logit2 &* step &+ 0x2000) >> 14
        weight[3] = weight[3] &+ (logit3 &* step &+ 0x2000) >> 14
        slots[contexts.0] = updated(slot0, result)
        slots[contexts.1] = updated(slot1, result)
        slots[contexts.2] = updated(slot2, result)
        slots[contexts.3] = updated(slot3, result)
        return result
    }

    /// Codes one decision in one context.
    @inline(__always)
    func code<Coder: BinaryCoder>(_ bit: Int, start: Int, context: Int, with coder: inout Coder) -> Int {
        let slot = slots[context] == 0 ? UInt32(start) << 16 : slots[context]
        let probability = max(24, min(65512, Int(slot >> 16)))
        let result = coder.code(bit, probability: probability)
        slots[context] = updated(slot, result)
        return result
    }

    @inline(__always)
    private func updated(_ slot: UInt32, _ bit: Int) -> UInt32 {
        let count = slot & 0x3ff
        let probability = Int32(slot >> 10)
        let target = bit != 0 ? Int32(0x3f_ffff) : 0
        let change = (Int64(target &- probability) &* Int64(reciprocals[Int(count)])) >> 16
        let next = UInt32(bitPattern: probability &+ Int32(truncatingIfNeeded: change))
        return next << 10 | (count < Self.visitLimit ? count + 1 : count)
    }
}
