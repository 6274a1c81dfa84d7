import Tensors
import Testing
import UpdateCodec

struct TopKPrunerTests {
    @Test(arguments: [0.0001, 0.01, 0.5, 1])
    func keepsExactlyTheShareRoundedUp(share: Double) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 5)
        let whole = try TopKPruner(fraction: share).support(of: update, layout: layout, context: CodecFixture.context)
        #expect(whole.count == Int((share * Double(layout.count)).rounded(.up)))
        #expect(whole == MagnitudeSelection.largest(whole.count, of: update))
        let single = try TopKPruner(fraction: share, scope: .tensor)
        let support = try single.support(of: update, layout: layout, context: CodecFixture.context)
        for entry in layout.entries {
            let kept = support.filter { entry.range.contains(Int($0)) }.map { Int($0) - entry.offset }
            #expect(kept.count == Int((share * Double(entry.count)).rounded(.up)))
            let expected = MagnitudeSelection.largest(kept.count, of: Array(update[entry.range]))
            #expect(kept == expected.map { Int($0) })
        }
    }
}
