import Tensors
import Testing
import UpdateCodec

struct RowPrunerTests {
    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("0.dense/weight", [3, 2], .weight), ("0.dense/bias", [3], .vector), ("1.norm/mean", [3], .statistic),
        ])
    }

    @Test func theVectorsOfALayerFollowItsWeight() throws {
        let layout = try Self.layout()
        let update: [Float] = [1, 1, 0, 0.1, -3, 0, 4, 5, 6, 7, 8, 9]
        let selection = try RowPruner(fraction: 0.5).selection(of: update, layout: layout)
        #expect(selection.rows == [[0, 2], [0, 2], [0, 1, 2]])
        #expect(selection.shrunkLayout.entries.map { $0.shape } == [[2, 2], [2], [3]])
        let shrunk = try selection.shrink(update)
        #expect(shrunk == [1, 1, -3, 0, 4, 6, 7, 8, 9])
        #expect(try selection.expand(shrunk) == [1, 1, 0, 0, -3, 0, 4, 0, 6, 7, 8, 9])
        #expect(selection.positions == [0, 1, 4, 5, 6, 8, 9, 10, 11])
    }

    @Test(arguments: [0.01, 0.3, 1])
    func shrinkingAndExpandingKeepsWhatPruningKeeps(share: Double) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 8)
        let pruner = try RowPruner(fraction: share)
        let selection = try pruner.selection(of: update, layout: layout)
        var pruned = update
        try pruner.prune(&pruned, layout: layout, context: CodecFixture.context)
        let shrunk = try selection.shrink(update)
        #expect(shrunk.count == selection.shrunkLayout.count)
        #expect(try selection.expand(shrunk) == pruned)
    }

    @Test func refusesRowsThatDoNotFit() throws {
        let layout = try Self.layout()
        for rows in [[[0, 1], [0], [3]], [[1, 0], [0], [0]], [[], [0], [0]], [[0], [0]], [[-1], [0], [0]]]
            as [[[Int32]]]
        {
            #expect(throws: CodecError.self) { try RowSelection(layout: layout, rows: rows) }
        }
        let selection = try RowSelection(layout: layout, rows: [[0], [0], [0]])
        #expect(throws: CodecError.countMismatch(expected: 12, actual: 1)) { try selection.shrink([1]) }
        #expect(throws: CodecError.countMismatch(expected: 4, actual: 1)) { try selection.expand([1]) }
    }
}
