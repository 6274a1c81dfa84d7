import Tensors
import Testing
import UpdateCodec

struct MagnitudeSelectionTests {
    /// By sorting all positions.
    static func reference(_ count: Int, of values: [Float]) -> [Int32] {
        let order = values.indices.sorted { (-abs(values[$0]), $0) < (-abs(values[$1]), $1) }
        return order.prefix(count).map { Int32($0) }.sorted()
    }

    @Test(arguments: [1, 2, 3, 100, 1001], 1...5 as ClosedRange<UInt64>)
    func agreesWithSorting(size: Int, seed: UInt64) {
        var random = SeededRandom(Seed(seed))
        // Few distinct values make many ties; odd seeds have none.
        let values = (0..<size).map { _ in
            seed % 2 == 0 ? Float(random.below(7)) - 3 : Float(random.normal())
        }
        for count in Set([0, 1, size / 3, size - 1, size]) {
            #expect(MagnitudeSelection.largest(count, of: values) == Self.reference(count, of: values), "seed \(seed)")
        }
    }

    @Test func anyBitPatternFindsItsRank() {
        var random = SeededRandom(Seed(77))
        let values = (0..<3000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next()) & 0xff7f_ffff) }
        for count in [1, 10, 1500, 2999] {
            #expect(MagnitudeSelection.largest(count, of: values) == Self.reference(count, of: values))
        }
    }

    @Test func lowerPositionsWinTies() {
        #expect(MagnitudeSelection.largest(3, of: [1, -2, 1, -1, 1]) == [0, 1, 2])
        #expect(MagnitudeSelection.largest(2, of: [0, -0.0, 0]) == [0, 1])
        #expect(MagnitudeSelection.largest(0, of: []) == [])
    }
}
