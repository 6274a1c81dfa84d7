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

    @Test func survivesDamage() throws {
        let layout = try CodecFixture.layout()
        let base = try Self.lattice(layout, seed: 1, spread: 0.01)
        let target = try Self.lattice(layout, seed: 2, spread: 0.02, previous: base)
        let bytes = LatticeDifference.encode(from: base, to: target)
        var random = SeededRandom(Seed(12))
        for _ in 0..<1000 {
            var damaged = bytes
            for _ in 0...random.below(3) { damaged[4 + random.below(bytes.count - 4)] = UInt8(random.below(256)) }
            // Any lattice within its ranges, or a typed error; `ModelLattice` itself checks the ranges.
            do {
                let decoded = try LatticeDifference.apply(damaged, to: base)
                #expect(decoded.layout == layout)
            } catch {}
        }
        for bit in 0..<32 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: CodecError.self, "bit \(bit)") { try LatticeDifference.apply(damaged, to: base) }
        }
    }

    @Test func rescalingIsTheNearestIntegerOnTheNewGrid() throws {
        // The difference from a base to its own values on another scale is what the prediction misses.
        let layout = try ParameterLayout([("w", [1, 255], .weight)])
        let values = (0..<255).map { Int16($0 - 127) }
        let base = try ModelLattice(layout: layout, scaleCodes: [0], values: values)
        for code in [-3, -1, 1, 2, 5, 30, 127, -128] as [Int8] {
            let ratio = Float(1) / ScaleGrid.scale(code: code)
            let nearest = values.map { Int16(max(-127, min(127, (Float($0) * ratio).rounded()))) }
            let target = try ModelLattice(layout: layout, scaleCodes: [code], values: nearest)
            let bytes = LatticeDifference.encode(from: base, to: target)
            #expect(try LatticeDifference.apply(bytes, to: base) == target)
            #expect(bytes.count <= 12, "code \(code)")
        }
    }
}
