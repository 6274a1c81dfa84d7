import Quantization
import Tensors
import Testing

struct ModelLatticeTests {
    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("a/weight", [3, 5], .weight), ("a/bias", [3], .vector), ("b/weight", [2, 2, 3], .weight),
            ("b/mean", [1], .statistic),
        ])
    }

    static func parameters(_ layout: ParameterLayout, seed: UInt64, spread: Float = 1) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<layout.count).map { _ in (random.unitFloat() - 0.5) * spread }
    }

    @Test(arguments: [1e-9, 0.01, 1, 3e4] as [Float])
    func everyValueLiesWithinHalfAStep(spread: Float) throws {
        let layout = try Self.layout()
        let parameters = Self.parameters(layout, seed: 7, spread: spread)
        let lattice = try ModelLattice(quantizing: parameters, layout: layout)
        let decoded = lattice.dequantized()
        var row = 0
        for entry in layout.entries {
            for start in stride(from: entry.offset, to: entry.range.upperBound, by: entry.columnCount) {
                let step = ScaleGrid.scale(code: lattice.scaleCodes[row])
                for index in start..<(start + entry.columnCount) {
                    #expect(abs(decoded[index] - parameters[index]) <= step * 0.5001)
                }
                row += 1
            }
        }
        #expect(row == lattice.scaleCodes.count)
    }

    @Test func latticePointsAreFixedPoints() throws {
        let layout = try Self.layout()
        let first = try ModelLattice(quantizing: Self.parameters(layout, seed: 1), layout: layout)
        let second = try ModelLattice(quantizing: first.dequantized(), layout: layout, previous: first)
        #expect(first == second)
        #expect(first.canonicalBytes().count == layout.rowCount + 2 * layout.count)
    }

    @Test func rowsKeepTheirScaleUntilTheyLeaveTheBand() throws {
        let layout = try ParameterLayout([("w", [1, 2], .weight)])
        let first = try ModelLattice(quantizing: [1, -0.5], layout: layout)
        let grown = try ModelLattice(quantizing: [1.3, -0.5], layout: layout, previous: first)
        let shrunk = try ModelLattice(quantizing: [0.5, 0.1], layout: layout, previous: first)
        let collapsed = try ModelLattice(quantizing: [0.2, 0.1], layout: layout, previous: first)
        let zero = try ModelLattice(quantizing: [0, 0], layout: layout, previous: first)
        #expect(grown.scaleCodes[0] > first.scaleCodes[0])
        #expect(shrunk.scaleCodes == first.scaleCodes)
        #expect(collapsed.scaleCodes[0] < first.scaleCodes[0])
        #expect(zero.scaleCodes == first.scaleCodes)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func refusesWhatIsNotANumber(bad: Float) throws {
        let layout = try Self.layout()
        var parameters = Self.parameters(layout, seed: 2)
        parameters[4] = bad
        #expect(throws: QuantizationError.notFinite(index: 4)) {
            try ModelLattice(quantizing: parameters, layout: layout)
        }
    }

    @Test func refusesWhatDoesNotFit() throws {
        let layout = try Self.layout()
        let other = try ParameterLayout([("w", [1, 2], .weight)])
        let lattice = try ModelLattice(quantizing: Self.parameters(layout, seed: 3), layout: layout)
        #expect(throws: QuantizationError.countMismatch(expected: layout.count, actual: 1)) {
            try ModelLattice(quantizing: [1], layout: layout)
        }
        #expect(throws: QuantizationError.layoutMismatch) {
            try ModelLattice(quantizing: [1, 2], layout: other, previous: lattice)
        }
        #expect(throws: QuantizationError.magnitudeOutOfRange(row: 0)) {
            try ModelLattice(quantizing: [1e30, 2], layout: other)
        }
        #expect(throws: QuantizationError.valueOutOfRange(index: 1)) {
            try ModelLattice(layout: other, scaleCodes: [0], values: [0, 128])
        }
    }
}
