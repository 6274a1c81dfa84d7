import Quantization
import Tensors
import Testing
import UpdateCodec

struct CodebookSharingTests {
    @Test(arguments: [2, 16, 256])
    func everyTensorHasACodebookOfItsOwn(count: Int) throws {
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 6)
        let tensors = try CodebookSharing(centroidCount: count).share(update, layout: layout)
        #expect(tensors.map { $0.count } == layout.entries.map { $0.count })
        #expect(tensors.allSatisfy { $0.codebook.centroids.count <= count })
        let expanded = CodebookSharing.expand(tensors)
        #expect(CodecFixture.nmse(update, expanded) < 2 / Double(count))
        for entry in layout.entries { #expect(Set(expanded[entry.range]).count <= count) }
    }

    @Test func refusesBadInput() throws {
        #expect(throws: CodecError.self) { try CodebookSharing(centroidCount: 1) }
        #expect(throws: CodecError.self) {
            try CodebookSharing(centroidCount: 4).share([1], layout: try CodecFixture.layout())
        }
    }
}
