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
        arguments: UpdateCodecs.names, [0, .leastNonzeroMagnitude, 0x1p-120, 1e-25, 1, 1e29] as [Float])
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
    func refusesGiantsOrKeepsThemFinite(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let update = (0..<layout.count).map { $0 % 3 == 0 ? -Float.greatestFiniteMagnitude : .greatestFiniteMagnitude }
        do {
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            #expect(try Self.decode(codec, bytes, layout).allSatisfy { $0.isFinite })
        } catch {
            #expect(error as? CodecError == .magnitudeOutOfRange)
        }
    }

    @Test(arguments: UpdateCodecs.names)
    func survivesDamagedPayloads(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layout = try CodecFixture.layout()
        let bytes = try codec.encode(
            CodecFixture.update(layout, seed: 6), layout: layout, context: CodecFixture.context)
        var random = SeededRandom(Seed(77))
        var output = [Float](repeating: 0, count: layout.count)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0...random.below(4) { damaged[4 + random.below(bytes.count - 4)] = UInt8(random.below(256)) }
            // Whatever the bytes say, the decoder answers with finite values or a typed error.
            do {
                try codec.decode(damaged, layout: layout, context: CodecFixture.context, into: &output)
                #expect(output.allSatisfy { $0.isFinite })
            } catch {}
        }
    }

    @Test(arguments: UpdateCodecs.names)
    func decodesEmptyAndTinyLayouts(name: String) throws {
        let codec = try UpdateCodecs.named(name)
        let layouts = try [
            ParameterLayout([]), ParameterLayout([("b", [1], .vector)]), ParameterLayout([("w", [1, 1], .weight)]),
            ParameterLayout([("w", [2, 2], .weight), ("k", [1, 2, 3], .weight)]),
            ParameterLayout([("w", [3, 2, 1, 1], .weight), ("v", [2, 12], .weight)]),
            ParameterLayout([("w", [70, 1], .weight), ("v", [1, 70], .weight), ("u", [70, 65], .weight)]),
        ]
        for layout in layouts {
            let update = CodecFixture.update(layout, seed: 3)
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            let decoded = try Self.decode(codec, bytes, layout)
            if layout.count > 0 { #expect(CodecFixture.nmse(update, decoded) < 1) }
        }
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
