import Tensors
import Testing
import UpdateCodec

struct SharedCodecTests {
    private static let specifications = [
        "masked", "masked:rank=3,bits=8", "masked:rank=1,explore=1,bits=2", "masked:support=random,keep=0.3",
        "masked:support=importance,keep=0.3,bits=3", "masked:support=rotated,keep=1,bits=8",
    ]

    private static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("0/weight", [12, 3, 3, 3], .weight), ("0/bias", [12], .vector), ("1/weight", [5, 70], .weight),
            ("1/bias", [5], .vector),
        ])
    }

    private static func options(_ specification: String) throws -> SharedCodecOptions {
        try #require(try UpdateCodecs.named(specification) as? MaskedCodec).options
    }

    private static func values(_ count: Int, _ seed: UInt64, scale: Float = 0.01) -> [Float] {
        var random = SeededRandom(Seed(seed))
        return (0..<count).map { _ in scale * Float(random.normal()) }
    }

    private static func codec(_ specification: String, exponents: [Int]? = nil) throws -> SharedCodec {
        let (options, layout) = (try options(specification), try layout())
        return try SharedCodec(
            options: options, layout: layout, origin: values(layout.count, 1), current: values(layout.count, 2),
            exponents: exponents ?? SharedCodec.initialExponents(layout: layout, options: options), seed: Seed(3))
    }

    @Test(arguments: specifications) func sumOfWholeNumbersIsTheSumOfUpdates(specification: String) throws {
        let (codec, options, layout) = (
            try Self.codec(specification), try Self.options(specification), try Self.layout()
        )
        var sum = [Int32](repeating: 0, count: SharedCodec.valueCount(layout: layout, options: options))
        var mean = [Float](repeating: 0, count: layout.count)
        for client in 0..<7 {
            let quantized = codec.quantize(Self.values(layout.count, UInt64(10 + client)), seed: Seed(UInt64(client)))
            #expect(quantized.count == sum.count)
            #expect(quantized.allSatisfy { abs(Int($0)) <= options.magnitude })
            for index in sum.indices { sum[index] += quantized[index] }
            let decoded = try codec.mean(quantized, clients: 1)
            for index in mean.indices { mean[index] += decoded[index] / 7 }
        }
        let joint = try codec.mean(sum, clients: 7)
        #expect(zip(joint, mean).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test(arguments: specifications) func bothSidesDeriveTheSameBits(specification: String) throws {
        let update = Self.values(try Self.layout().count, 20)
        let first = try Self.codec(specification).quantize(update, seed: Seed(1))
        #expect(try Self.codec(specification).quantize(update, seed: Seed(1)) == first)
        #expect(
            try Self.codec(specification).mean(first, clients: 1) == Self.codec(specification).mean(first, clients: 1))
    }

    @Test func fullBasisLosesNothingButTheGrid() throws {
        let layout = try Self.layout()
        let update = Self.values(layout.count, 21)
        for specification in ["masked:rank=70,bits=8,reach=8", "masked:support=rotated,keep=1,bits=8,reach=8"] {
            var exponents = SharedCodec.initialExponents(
                layout: layout, options: try Self.options(specification))
            for _ in 0..<3 {
                let codec = try Self.codec(specification, exponents: exponents)
                exponents = codec.nextExponents(codec.quantize(update, seed: Seed(1)), clients: 1)
            }
            let codec = try Self.codec(specification, exponents: exponents)
            let decoded = try codec.mean(codec.quantize(update, seed: Seed(1)), clients: 1)
            let error = zip(update, decoded).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let energy = update.reduce(Float(0)) { $0 + $1 * $1 }
            #expect(error < 0.01 * energy)
        }
    }

    @Test(arguments: [Float(1e-4), 1e-2, 1]) func scalesFollowTheUpdates(scale: Float) throws {
        let layout = try Self.layout()
        let options = try Self.options("masked")
        let update = Self.values(layout.count, 22, scale: scale)
        var exponents = SharedCodec.initialExponents(layout: layout, options: options)
        for _ in 0..<12 {
            let codec = try Self.codec("masked", exponents: exponents)
            let sum = codec.quantize(update, seed: Seed(1)).map { 5 * $0 }
            exponents = codec.nextExponents(sum, clients: 5)
        }
        let last = try Self.codec("masked", exponents: exponents)
        #expect(last.nextExponents(last.quantize(update, seed: Seed(1)), clients: 1) == exponents)
    }

    @Test func roundingIsRightInTheMean() throws {
        let layout = try Self.layout()
        let codec = try Self.codec("masked:rank=70,bits=4,reach=16")
        let update = Self.values(layout.count, 23)
        var mean = [Float](repeating: 0, count: layout.count)
        for trial in 0..<400 {
            let decoded = try codec.mean(codec.quantize(update, seed: Seed(UInt64(trial))), clients: 1)
            for index in mean.indices { mean[index] += decoded[index] / 400 }
        }
        let error = zip(update, mean).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(error < 0.02 * update.reduce(Float(0)) { $0 + $1 * $1 })
    }

    @Test(arguments: [
        "masked:bits=1", "masked:bits=9", "masked:rank=0", "masked:support=best", "masked:keep=0,support=random",
    ])
    func badOptionsAreRefused(specification: String) {
        #expect(throws: CodecError.self) { try UpdateCodecs.named(specification) }
    }

    @Test func encodingNeedsTheRound() throws {
        let layout = try Self.layout()
        let codec = try UpdateCodecs.named("masked")
        #expect(throws: CodecError.missingContext) {
            try codec.encode(
                [Float](repeating: 0, count: layout.count), layout: layout, context: CodecContext(seed: Seed(1)))
        }
    }
}
