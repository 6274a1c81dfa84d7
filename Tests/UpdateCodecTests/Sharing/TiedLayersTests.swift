import Tensors
import Testing
import UpdateCodec

struct TiedLayersTests {
    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("a/w", [2, 2], .weight), ("a/b", [2], .vector), ("x/w", [1, 3], .weight), ("b/w", [2, 2], .weight),
            ("b/b", [2], .vector),
        ])
    }

    @Test(arguments: [[["a", "b"]], [["b", "a"]]])
    func tiedTensorsShareTheirMean(groups: [[String]]) throws {
        let layout = try Self.layout()
        let tied = try TiedLayers(groups: groups)
        let update: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 4, 5, 6, 7, 8]
        let shared = try tied.gather(update, layout: layout)
        #expect(shared == [2, 3, 4, 5, 6, 7, 7, 8, 9])
        #expect(try tied.sharedCount(in: layout) == 9)
        #expect(try tied.scatter(shared, layout: layout) == [2, 3, 4, 5, 6, 7, 7, 8, 9, 2, 3, 4, 5, 6, 7])
    }

    @Test func withoutGroupsNothingIsShared() throws {
        let layout = try Self.layout()
        let update = CodecFixture.update(layout, seed: 1)
        let tied = try TiedLayers(groups: [])
        #expect(try tied.gather(update, layout: layout) == update)
        #expect(try tied.scatter(update, layout: layout) == update)
    }

    @Test func refusesLayersThatDoNotFit() throws {
        let layout = try Self.layout()
        #expect(throws: CodecError.self) { try TiedLayers(groups: [["a"]]) }
        #expect(throws: CodecError.self) { try TiedLayers(groups: [["a", "b"], ["a", "x"]]) }
        for group in [["a", "x"], ["a", "nothing"], ["nothing", "a"]] {
            #expect(throws: CodecError.self) { try TiedLayers(groups: [group]).sharedCount(in: layout) }
        }
        let tied = try TiedLayers(groups: [["a", "b"]])
        #expect(throws: CodecError.countMismatch(expected: 15, actual: 1)) { try tied.gather([1], layout: layout) }
        #expect(throws: CodecError.countMismatch(expected: 9, actual: 1)) { try tied.scatter([1], layout: layout) }
    }
}
