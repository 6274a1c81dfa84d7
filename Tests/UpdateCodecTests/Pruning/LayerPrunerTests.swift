import Tensors
import Testing
import UpdateCodec

struct LayerPrunerTests {
    @Test func skipsNamedLayersWhole() throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 1)
        let support = try LayerPruner(.named(["conv", "norm"])).support(
            of: update, layout: layout, context: CodecFixture.context)
        #expect(support == (224..<875).map { Int32($0) })
        #expect(throws: CodecError.invalidParameter("no layer is named gru")) {
            try LayerPruner(.named(["gru"])).support(of: update, layout: layout, context: CodecFixture.context)
        }
    }

    @Test func keepsTheMostActiveLayers() throws {
        let layout = try ParameterLayout([
            ("a/w", [1, 4], .weight), ("b/w", [1, 2], .weight), ("b/b", [1], .vector), ("c/w", [1, 1], .weight),
        ])
        let support = try LayerPruner(.leastActive(keeping: 0.5)).support(
            of: [1, 1, 1, 1, 3, 0, 0, -0.5], layout: layout, context: CodecFixture.context)
        #expect(support == [0, 1, 2, 3, 4, 5, 6])
    }
}
