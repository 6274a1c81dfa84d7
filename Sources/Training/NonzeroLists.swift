/// Owned 32-bit integers, allocated once.
struct IndexBuffer: ~Copyable {
    let pointer: UnsafeMutablePointer<Int32>

    init(count: Int) {
        pointer = .allocate(capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { pointer.deallocate() }
}

/// Several lists of (offset, factor) with a fixed capacity each.
///
/// `append` writes always and counts only nonzero factors, so that it has no branch to mispredict.
struct NonzeroLists: ~Copyable {
    private let capacity: Int
    private let listCount: Int
    private let offsets: UnsafeMutablePointer<Int32>
    private let factors: UnsafeMutablePointer<Float>
    private let counts: UnsafeMutablePointer<Int>

    init(listCount: Int, capacity: Int) {
        // One more, because a zero is written before it is not counted.
        self.capacity = capacity + 1
        self.listCount = listCount
        offsets = .allocate(capacity: listCount * self.capacity)
        factors = .allocate(capacity: listCount * self.capacity)
        counts = .allocate(capacity: listCount)
        counts.initialize(repeating: 0, count: listCount)
    }

    deinit {
        offsets.deallocate()
        factors.deallocate()
        counts.deallocate()
    }

    func removeAll() { counts.update(repeating: 0, count: listCount) }

    @inline(__always)
    func append(_ offset: Int, _ factor: Float, to list: Int) {
        let count = counts[list]
        offsets[list &* capacity &+ count] = Int32(truncatingIfNeeded: offset)
        factors[list &* capacity &+ count] = factor
        counts[list] = count &+ (factor == 0 ? 0 : 1)
    }

    @inline(__always)
    subscript(list: Int) -> GatheredRows {
        GatheredRows(
            offsets: offsets + list &* capacity, factors: factors + list &* capacity, count: counts[list])
    }
}
