import Tensors
import Testing
import UpdateCodec

/// What holds for all pipelines of other papers, beyond what every codec must do.
struct BaselineCodecsTests {
    static let specifications = [
        "fp16", "int4+entropy", "topk+ternary", "topk+ternary:p=0.2", "topk+fp16", "topk+fp16:p=1.0", "qsgd",
        "qsgd:bits=2,bucket=64", "qsgd:bits=4,bucket=1", "signsgd", "kmeans4+entropy", "rotated-1bit",
        "rotated-1bit:scale=nearest",
    ]

    static func decode(_ codec: any UpdateCodec, _ bytes: [UInt8], _ layout: ParameterLayout) throws -> [Float] {
        var output = [Float](repeating: .nan, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecContext(seed: Seed(999), round: 77), into: &output)
        return output
    }

    @Test(arguments: specifications)
    func nameIsItsOwnSpecification(text: String) throws {
        let codec = try UpdateCodecs.named(text)
        #expect(codec.name == text)
        #expect(try UpdateCodecs.named(codec.name).name == text)
    }

    @Test(arguments: [
        "fp16:p=1", "topk+ternary:p=0", "topk+ternary:p=1.5", "topk+ternary:p=nan", "topk+ternary:p=x",
        "topk+ternary:q=0.1", "topk+ternary:p", "topk+ternary:p=0.1,p=0.2", "qsgd:bits=1",
        "qsgd:bits=9",
        "qsgd:bucket=0", "qsgd:bucket=65537", "qsgd:bits=4.5", "rotated-1bit:scale=large",
    ])
    func refusesParametersThatDoNotExist(text: String) {
        #expect { try UpdateCodecs.named(text) } throws: { error in
            guard case CodecError.invalidParameter = error else { return false }
            return true
        }
    }

    @Test(arguments: specifications)
    func bytesDecodeWithoutTheEncodersContext(text: String) throws {
        let codec = try UpdateCodecs.named(text)
        let layout = try CodecFixture.layout()
        let update = CodecFixture.update(layout, seed: 3)
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        var known = [Float](repeating: 0, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &known)
        #expect(try Self.decode(codec, bytes, layout) == known)
        // Every pipeline decodes what its sibling with other parameters wrote.
        let name = text.split(separator: ":")[0]
        #expect(try Self.decode(try UpdateCodecs.named(String(name)), bytes, layout) == known)
    }

    @Test(arguments: specifications, [1, 2, 7, 8, 9, 4097])
    func anySizeWorks(text: String, size: Int) throws {
        let codec = try UpdateCodecs.named(text)
        for layout in [
            try ParameterLayout([("w", [1, size], .weight)]), try ParameterLayout([("w", [size, 1], .weight)]),
            try ParameterLayout([("b", [size], .vector)]),
        ] {
            let update = CodecFixture.update(layout, seed: UInt64(size))
            let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
            // Two unbiased bits are so noisy that they lose more than the update itself.
            let error = CodecFixture.nmse(update, try Self.decode(codec, bytes, layout))
            #expect(error <= (text.hasPrefix("qsgd:bits=2") ? 8 : 1))
            for count in [0, 1, 2, bytes.count / 2, bytes.count - 1] {
                #expect(throws: CodecError.self) { try Self.decode(codec, Array(bytes[..<count]), layout) }
            }
        }
    }

    @Test(arguments: specifications)
    func emptyLayoutsAndZerosWork(text: String) throws {
        let codec = try UpdateCodecs.named(text)
        let empty = try ParameterLayout([])
        let bytes = try codec.encode([], layout: empty, context: CodecFixture.context)
        #expect(try Self.decode(codec, bytes, empty).isEmpty)
        let layout = try CodecFixture.layout()
        let zeros = [Float](repeating: 0, count: layout.count)
        let zeroBytes = try codec.encode(zeros, layout: layout, context: CodecFixture.context)
        #expect(try Self.decode(codec, zeroBytes, layout) == zeros)
    }

    @Test(arguments: specifications, 1...3 as ClosedRange<UInt64>)
    func damagedPayloadsNeverCrashAndStayFinite(text: String, seed: UInt64) throws {
        let codec = try UpdateCodecs.named(text)
        let layout = try CodecFixture.layout()
        var random = SeededRandom(Seed(seed))
        let update = CodecFixture.update(layout, seed: seed, spread: seed == 3 ? 1e35 : 0.01)
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        for _ in 0..<400 {
            var damaged = bytes
            let start = random.below(bytes.count)
            let flips = 1 + random.below(8)
            for _ in 0..<flips {
                // Near a random place or anywhere, one bit or a whole byte.
                let index =
                    random.below(2) == 0 ? min(bytes.count - 1, start + random.below(4)) : random.below(bytes.count)
                damaged[index] =
                    random.below(2) == 0 ? damaged[index] ^ 1 << UInt8(random.below(8)) : UInt8(random.below(256))
            }
            var output = [Float](repeating: 0, count: layout.count)
            do {
                try codec.decode(damaged, layout: layout, context: CodecFixture.context, into: &output)
                #expect(output.allSatisfy { $0.isFinite }, "seed \(seed)")
            } catch {
                continue
            }
        }
    }

    @Test(arguments: specifications, 1...2 as ClosedRange<UInt64>)
    func randomBytesAreRefused(text: String, seed: UInt64) throws {
        let codec = try UpdateCodecs.named(text)
        let layout = try CodecFixture.layout()
        var random = SeededRandom(Seed(seed))
        for _ in 0..<300 {
            let bytes = (0..<random.below(300)).map { _ in UInt8(random.below(256)) }
            // A random header of three bytes fits its length and checksum about once in 2^24.
            #expect(throws: CodecError.self, "seed \(seed)") { try Self.decode(codec, bytes, layout) }
        }
    }
}
