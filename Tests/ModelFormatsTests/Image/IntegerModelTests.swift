import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Testing

struct IntegerModelTests {
    private func image(
        _ seed: UInt64 = 1, profile: RoundingProfile = .tflm, widths: RandomNetwork.Widths = .narrow
    ) throws -> [UInt8] {
        var maker = RandomNetwork(seed: seed)
        return try ModelImageWriter(profile: profile)
            .image(of: maker.network(bits: 8, isFlat: false, widths: widths))
    }

    @Test func truncatedImagesAreRefused() throws {
        let whole = try image()
        for count in [0, 1, 63, 64, 100, whole.count / 2, whole.count - 1] {
            #expect(throws: ModelFormatError.self) { try IntegerModel(Array(whole.prefix(count))) }
        }
    }

    @Test func damagedBytesAreNoticed() throws {
        let whole = try image()
        for position in stride(from: ModelImageFormat.headerSize, to: whole.count, by: 7) {
            var bytes = whole
            bytes[position] ^= 0x10
            #expect(throws: ModelFormatError.invalidImage(.damaged)) { try IntegerModel(bytes) }
        }
    }

    @Test func foreignBytesAreNamed() {
        #expect(throws: ModelFormatError.invalidImage(.notAnImage)) {
            try IntegerModel([UInt8](repeating: 7, count: 200))
        }
    }

    @Test(arguments: RoundingProfile.allCases, RandomNetwork.Widths.allCases)
    func noImageMakesTheInterpreterLeaveItsMemory(profile: RoundingProfile, widths: RandomNetwork.Widths) throws {
        let whole = try image(5, profile: profile, widths: widths)
        var random = SeededRandom(Seed(77))
        var accepted = 0
        for round in 0..<3000 {
            var bytes = whole
            for _ in 0..<1 + round % 3 {
                let limit = round % 2 == 0 ? min(bytes.count, 900) : bytes.count
                let position = Int(random.next() % UInt64(limit))
                bytes[position] = UInt8(truncatingIfNeeded: random.next() >> 20)
            }
            accepted += Self.runUnchecked(bytes) ? 1 : 0
        }
        #expect(accepted > 0)
    }

    /// Runs an image whose checksum nobody looks at, in memory that is exactly as large as it says; true where it ran.
    private static func runUnchecked(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            guard let image = try? ModelImage(raw, verifyingChecksum: false), image.arenaByteCount < 1 << 20 else {
                return false
            }
            // Guard bytes on both sides show writes beyond the arena.
            let margin = 4096
            let memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: image.arenaByteCount + 2 * margin, alignment: 64)
            defer { memory.deallocate() }
            memory.initializeMemory(as: UInt8.self, repeating: 0xa5)
            let arena = UnsafeMutableRawBufferPointer(rebasing: memory[margin..<margin + image.arenaByteCount])
            switch image.profile {
            case .tflm: runBoth(WideRules<TFLMRules>.self, image, arena)
            case .litertReference: runBoth(WideRules<LiteRTReferenceRules>.self, image, arena)
            case .xnnpack: runBoth(WideRules<XNNPACKRules>.self, image, arena)
            }
            let untouched =
                memory[..<margin].allSatisfy { $0 == 0xa5 }
                && memory[(margin + image.arenaByteCount)...].allSatisfy { $0 == 0xa5 }
            #expect(untouched)
            return true
        }
    }

    private static func runBoth<Rules: RoundingRules>(
        _ rules: Rules.Type, _ image: ModelImage, _ arena: UnsafeMutableRawBufferPointer
    ) {
        (try? Interpreter<Rules>(image, arena: arena))?.run()
        // Packing takes as much memory as the image's shapes say.
        (try? PackedInterpreter<Rules>(image, arena: arena))?.run()
    }

    @Test(arguments: RoundingProfile.allCases)
    func packedAndPlainKernelsAgree(profile: RoundingProfile) throws {
        for seed in UInt64(200)..<230 {
            let bytes = try image(seed, profile: profile)
            let model = try IntegerModel(bytes)
            var random = SeededRandom(Seed(seed))
            let sample = (0..<model.inputCount).map { _ in Int8(truncatingIfNeeded: random.next()) }
            let expected = try Self.plainResult(bytes, sample, profile)
            #expect(try model.run(sample) == expected, "seed \(seed)")
        }
    }

    private static func plainResult(_ bytes: [UInt8], _ sample: [Int8], _ profile: RoundingProfile) throws -> [Int8] {
        try bytes.withUnsafeBytes { raw in
            let image = try ModelImage(raw)
            let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: image.arenaByteCount, alignment: 16)
            defer { arena.deallocate() }
            return switch profile {
            case .tflm: result(try Interpreter<TFLMRules>(image, arena: arena), sample)
            case .litertReference: result(try Interpreter<LiteRTReferenceRules>(image, arena: arena), sample)
            case .xnnpack: result(try Interpreter<XNNPACKRules>(image, arena: arena), sample)
            }
        }
    }

    private static func result<Rules>(_ interpreter: Interpreter<Rules>, _ sample: [Int8]) -> [Int8] {
        _ = interpreter.input.update(from: sample)
        interpreter.run()
        return Array(interpreter.output)
    }

    @Test func samplesOfAnotherSizeAreRefused() throws {
        let model = try IntegerModel(image())
        #expect(throws: ModelFormatError.self) { try model.run([Int8](repeating: 0, count: model.inputCount + 1)) }
    }

    @Test func interpretersOfEightBitsRefuseSixteen() throws {
        let bytes = try image(widths: .mixed)
        bytes.withUnsafeBytes { raw in
            _ = #expect(throws: ImageError.wideActivations) {
                let image = try ModelImage(raw)
                let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: image.arenaByteCount, alignment: 16)
                defer { arena.deallocate() }
                _ = try Interpreter<TFLMRules>(image, arena: arena)
            }
        }
    }

    @Test func wideSamplesGiveWideResults() throws {
        let model = try IntegerModel(image(widths: .wide))
        #expect(model.inputBits == 16)
        #expect(model.outputBits == 8)
        let result = try model.runWide([Int16](repeating: 300, count: model.inputCount))
        #expect(result.count == model.outputCount)
        #expect(throws: ModelFormatError.self) { try model.run([Int8](repeating: 0, count: model.inputCount)) }
    }

    @Test func interpretersOfAnotherProfileAreRefused() throws {
        let bytes = try image()
        _ = bytes.withUnsafeBytes { raw in
            #expect(throws: ImageError.otherProfile) {
                let image = try ModelImage(raw)
                let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: image.arenaByteCount, alignment: 16)
                defer { arena.deallocate() }
                _ = try Interpreter<XNNPACKRules>(image, arena: arena)
            }
        }
    }
}
