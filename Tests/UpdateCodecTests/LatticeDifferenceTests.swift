import Quantization
import Tensors
import Testing
import UpdateCodec

struct LatticeDifferenceTests {
    static func lattice(
        _ layout: ParameterLayout, seed: UInt64, spread: Float, previous: ModelLattice? = nil
    ) throws -> ModelLattice {
        try ModelLattice(
            quantizing: CodecFixture.update(layout, seed: seed, spread: spread), layout: layout, previous: previous)
    }

    @Test(arguments: [1e-9, 0.01, 0.011, 1, 1e4] as [Float])
    func appliesToTheExactTarget(spread: Float) throws {
        let layout = try CodecFixture.layout()
        let base = try Self.lattice(layout, seed: 1, spread: 0.01)
        let target = try Self.lattice(layout, seed: 2, spread: spread, previous: base)
        #expect(try LatticeDifference.apply(LatticeDifference.encode(from: base, to: target), to: base) == target)
        let whole = LatticeDifference.encodeWhole(target)
        #expect(try LatticeDifference.decodeWhole(whole, layout: layout) == target)
    }

    @Test func smallMovesCostLittle() throws {
        let layout = try CodecFixture.layout()
        let start = CodecFixture.update(layout, seed: 1, spread: 0.1)
        let move = CodecFixture.update(layout, seed: 2, spread: 0.0005)
        let base = try ModelLattice(quantizing: start, layout: layout)
        let target = try ModelLattice(
            quantizing: zip(start, move).map { $0 + $1 }, layout: layout, previous: base)
        let difference = LatticeDifference.encode(from: base, to: target)
        #expect(difference.count * 2 < LatticeDifference.encodeWhole(target).count)
        #expect(LatticeDifference.encode(from: base, to: base).count < layout.count / 16)
    }

    @Test func refusesEveryTruncationAndExtraByte() throws {
        let layout = try CodecFixture.layout()
        let base = try Self.lattice(layout, seed: 1, spread: 0.01)
        let target = try Self.lattice(layout, seed: 2, spread: 0.02, previous: base)
        let bytes = LatticeDifference.encode(from: base, to: target)
        for count in 0..<bytes.count {
            #expect(throws: CodecError.self) { try LatticeDifference.apply(Array(bytes[..<count]), to: base) }
        }
        #expect(throws: CodecError.self) { try LatticeDifference.apply(bytes + [0], to: base) }
        #expect(throws: CodecError.self) { try LatticeDifference.decodeWhole(bytes, layout: layout) }
    }
}
