import IntegerRuntime
import ModelFormats
import Quantization
import Tensors
import Testing

struct IntegerModelTests {
    private func image(_ seed: UInt64 = 1, profile: RoundingProfile = .tflm) throws -> [UInt8] {
        var maker = RandomNetwork(seed: seed)
        return try ModelImageWriter(profile: profile).image(of: maker.network(bits: 8, isFlat: false))
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

    @Test(arguments: RoundingProfile.allCases)
    func noImageMakesTheInterpreterLeaveItsMemory(profile: RoundingProfile) throws {
        let whole = try image(5, profile: profile)
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
            case .tflm: (try? Interpreter<TFLMRules>(image, arena: arena))?.run()
            case .litertReference: (try? Interpreter<LiteRTReferenceRules>(image, arena: arena))?.run()
            case .xnnpack: (try? Interpreter<XNNPACKRules>(image, arena: arena))?.run()
            }
            let untouched =
                memory[..<margin].allSatisfy { $0 == 0xa5 }
                && memory[(margin + image.arenaByteCount)...].allSatisfy { $0 == 0xa5 }
            #expect(untouched)
            return true
        }
    }

    @Test func samplesOfAnotherSizeAreRefused() throws {
        let model = try IntegerModel(image())
        #expect(throws: ModelFormatError.self) { try model.run([Int8](repeating: 0, count: model.inputCount + 1)) }
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
