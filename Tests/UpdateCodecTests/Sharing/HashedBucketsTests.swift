import Tensors
import Testing
import UpdateCodec

struct HashedBucketsTests {
    @Test(arguments: [0.01, 0.25, 1])
    func gatheringScatteredValuesGivesThemBack(share: Double) throws {
        let layout = try CodecFixture.layout()
        let sharing = try HashedBuckets(fraction: share, seed: Seed(3))
        let shared = (0..<sharing.sharedCount(in: layout)).map { Float($0) + 1 }
        let update = try sharing.scatter(shared, layout: layout)
        let back = try sharing.gather(update, layout: layout)
        // Buckets that no element fell into come back as zero.
        let used = Set(update.map { abs($0) })
        for (before, after) in zip(shared, back) { #expect(after == (used.contains(before) ? before : 0)) }
    }

    @Test func noOtherBucketValuesAreNearer() throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 4)
        let sharing = try HashedBuckets(fraction: 0.1, seed: Seed(3))
        let shared = try sharing.gather(update, layout: layout)
        let error = CodecFixture.nmse(update, try sharing.scatter(shared, layout: layout))
        #expect(error < 1)
        for index in stride(from: 0, to: shared.count, by: 7) {
            for change in [-0.005, 0.005] as [Float] {
                var other = shared
                other[index] += change
                #expect(CodecFixture.nmse(update, try sharing.scatter(other, layout: layout)) >= error)
            }
        }
    }

    @Test func refusesOtherSizes() throws {
        let layout = try CodecFixture.layout()
        let sharing = try HashedBuckets(fraction: 0.1, seed: Seed(3))
        #expect(throws: CodecError.self) { try sharing.gather([1], layout: layout) }
        #expect(throws: CodecError.self) { try sharing.scatter([], layout: layout) }
    }
}
