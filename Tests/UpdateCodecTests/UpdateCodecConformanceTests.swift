import Tensors
import Testing
import UpdateCodec

/// What every registered codec must do.
struct UpdateCodecConformanceTests {
    static func decode(_ codec: any UpdateCodec, _ bytes: [UInt8], _ layout: ParameterLayout) throws -> [Float] {
        var output = [Float](repeating: .nan, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &output)
        return output
    }

    @Test(arguments: UpdateCodecs.names)
    func losesLessThanTheUpdateItself(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        for seed in 1...3 as ClosedRange<UInt64> {
            let update = CodecFixture.update(layout, seed: seed)
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            let decoded = try Self.decode(codec, bytes, layout)
            #expect(CodecFixture.nmse(update, decoded) < (codec.isLossless ? 1e-30 : 1), "seed \(seed)")
            if codec.isLossless { #expect(decoded == update) }
            #expect(try codec.encode(update, layout: layout, context: CodecFixture.context) == bytes)
        }
    }

    @Test(
        arguments: UpdateCodecs.names, [0, .leastNonzeroMagnitude, 1e-30, 1, 1e30, .greatestFiniteMagnitude] as [Float])
    func constantUpdatesOfAnyMagnitudeStayFinite(name: String, value: Float) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let update = (0..<layout.count).map { $0 % 3 == 0 ? -value : value }
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let decoded = try Self.decode(codec, bytes, layout)
        #expect(decoded.allSatisfy { $0.isFinite })
        if value == 0 { #expect(decoded.allSatisfy { $0 == 0 }) }
    }

    @Test(arguments: UpdateCodecs.names)
    func refusesBadUpdates(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        for bad in [Float.nan, .infinity, -.infinity] {
            var update = CodecFixture.update(layout, seed: 1)
            update[17] = bad
            #expect(throws: CodecError.notFinite(index: 17)) {
                try codec.encode(update, layout: layout, context: CodecFixture.context)
            }
        }
        #expect(throws: CodecError.countMismatch(expected: layout.count, actual: 2)) {
            try codec.encode([1, 2], layout: layout, context: CodecFixture.context)
        }
    }

    @Test(arguments: UpdateCodecs.names)
    func refusesEveryTruncationAndEveryExtraByte(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let bytes = try codec.encode(
            CodecFixture.update(layout, seed: 4), layout: layout, context: CodecFixture.context)
        for count in 0..<bytes.count {
            #expect(throws: CodecError.self) { try Self.decode(codec, Array(bytes[..<count]), layout) }
        }
        #expect(throws: CodecError.self) { try Self.decode(codec, bytes + [0], layout) }
    }

    @Test(arguments: UpdateCodecs.names)
    func refusesEveryFlippedHeaderBit(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let bytes = try codec.encode(
            CodecFixture.update(layout, seed: 4), layout: layout, context: CodecFixture.context)
        let headerCount = bytes.count < 130 ? 3 : 4
        for bit in 0..<(8 * headerCount) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: CodecError.self, "bit \(bit)") { try Self.decode(codec, damaged, layout) }
        }
    }

    @Test(arguments: UpdateCodecs.names)
    func refusesAnUpdateForAnotherModel(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let other = try ParameterLayout([("w", [1, layout.count], .weight)])
        let bytes = try codec.encode(
            CodecFixture.update(layout, seed: 4), layout: layout, context: CodecFixture.context)
        #expect(throws: CodecError.self) { try Self.decode(codec, bytes, other) }
    }

    @Test func refusesUnknownNames() {
        #expect(throws: CodecError.unknownCodec("nothing")) { try UpdateCodecs.named("nothing") }
    }
}
