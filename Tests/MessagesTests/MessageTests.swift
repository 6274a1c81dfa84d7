import Messages
import Testing

@Suite struct ClientMessageTests {
    @Test(arguments: Samples.client) func decodesWhatItEncoded(message: ClientMessage) throws {
        #expect(try ClientMessage(decoding: message.encoded()) == message)
    }

    @Test(arguments: Samples.client) func damageIsRefusedOrGivesAValidMessage(message: ClientMessage) throws {
        for damaged in Damage.all(message.encoded()) {
            guard let decoded = try? ClientMessage(decoding: damaged) else { continue }
            #expect(try ClientMessage(decoding: decoded.encoded()) == decoded)
        }
    }

    @Test(arguments: Samples.client) func payloadsAreThereExactlyWhereTheyBelong(message: ClientMessage) throws {
        let payload: [UInt8]? = message.needsPayload ? [1, 2] : nil
        let framed = FramedMessage(message, payload: payload)
        #expect(try FramedMessage<ClientMessage>(frames: framed.frames()) == framed)
        let wrong = FramedMessage(message, payload: message.needsPayload ? nil : [1])
        #expect(throws: MessageError.payloadMismatch) { try FramedMessage<ClientMessage>(frames: wrong.frames()) }
    }

    @Test func refusesValuesOutOfRange() {
        let header = ClientMessage.UpdateHeader(
            session: Samples.session, resultID: ResultID(unchecked: [0, 0, 0, 0, 0, 0, 0, 0]), sampleCount: 1,
            trainingLoss: 1, byteCount: 10)
        func refusal(_ change: (inout ClientMessage.UpdateHeader) -> Void) -> MessageError? {
            var other = header
            change(&other)
            let frame = ClientMessage.update(other).encoded()
            do throws(MessageError) {
                _ = try ClientMessage(decoding: frame)
                return nil
            } catch { return error }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.trainingLoss = .nan } == .invalidField("update.training_loss"))
        #expect(refusal { $0.trainingLoss = -.infinity } == .invalidField("update.training_loss"))
        #expect(refusal { $0.sampleCount = 0 } == .invalidField("update.sample_count"))
        #expect(refusal { $0.sampleCount = 1 << 41 } == .invalidField("update.sample_count"))
        #expect(refusal { $0.byteCount = 0 } == .invalidField("update.byte_count"))
        #expect(
            refusal { $0.byteCount = ProtocolLimits.transferByteCount + 1 } == .invalidField("update.byte_count"))
        #expect(refusal { $0.session = SessionID(unchecked: [1]) } == .invalidField("update.session"))
        #expect(refusal { $0.resultID = ResultID(unchecked: []) } == .invalidField("update.result_id"))
    }

    @Test func refusesTextsThatAreTooLong() {
        let name = String(repeating: "n", count: ProtocolLimits.textByteCount + 1)
        let join = ClientMessage.join(
            .init(transportKey: PeerID(unchecked: Samples.key.bytes), identityKey: Samples.key, name: name))
        #expect(throws: MessageError.invalidField("join.name")) { try ClientMessage(decoding: join.encoded()) }
    }

    @Test func chunkZeroRidesWithItsHeader() {
        let chunk = ClientMessage.chunk(ChunkHeader(session: Samples.session, index: 0))
        #expect(throws: MessageError.invalidField("chunk.index")) { try ClientMessage(decoding: chunk.encoded()) }
    }
}

@Suite struct CoordinatorMessageTests {
    @Test(arguments: Samples.coordinator) func decodesWhatItEncoded(message: CoordinatorMessage) throws {
        #expect(try CoordinatorMessage(decoding: message.encoded()) == message)
    }

    @Test(arguments: Samples.coordinator) func damageIsRefusedOrGivesAValidMessage(message: CoordinatorMessage) throws {
        for damaged in Damage.all(message.encoded()) {
            guard let decoded = try? CoordinatorMessage(decoding: damaged) else { continue }
            #expect(try CoordinatorMessage(decoding: decoded.encoded()) == decoded)
        }
    }

    @Test(arguments: Samples.coordinator) func payloadsAreThereExactlyWhereTheyBelong(
        message: CoordinatorMessage
    ) throws {
        let framed = FramedMessage(message, payload: message.needsPayload ? [1, 2] : nil)
        #expect(try FramedMessage<CoordinatorMessage>(frames: framed.frames()) == framed)
        let wrong = FramedMessage(message, payload: message.needsPayload ? nil : [1])
        #expect(throws: MessageError.payloadMismatch) { try FramedMessage<CoordinatorMessage>(frames: wrong.frames()) }
    }
}

@Suite struct FramedMessageTests {
    @Test(arguments: [1, 4096, 4097]) func aPayloadThatIsSmallTravelsInTheControlFrame(count: Int) throws {
        let header = Samples.client.first(where: \.needsPayload)
        let framed = FramedMessage(try #require(header), payload: [UInt8](repeating: 7, count: count))
        #expect(framed.frames().count == (count <= ProtocolLimits.innerPayloadByteCount ? 1 : 2))
        #expect(try FramedMessage<ClientMessage>(frames: framed.frames()) == framed)
        #expect(throws: MessageError.payloadMismatch) {
            try FramedMessage<ClientMessage>(frames: [framed.message.encoded(with: [1]), [2]])
        }
    }

    @Test(arguments: [0, 3, 1000]) func refusesOtherFrameCounts(count: Int) {
        let frames = [[UInt8]](repeating: ClientMessage.goodbye.encoded(), count: count)
        #expect(throws: MessageError.frameCount(count)) { try FramedMessage<ClientMessage>(frames: frames) }
    }

    @Test func refusesFramesOverTheirCaps() {
        let control = [UInt8](repeating: 0, count: ProtocolLimits.controlByteCount + 1)
        #expect(
            throws: MessageError.tooLarge(frame: 0, byteCount: control.count, limit: ProtocolLimits.controlByteCount)
        ) { try FramedMessage<ClientMessage>(frames: [control]) }
        let payload = [UInt8](repeating: 0, count: ProtocolLimits.payloadFrameByteCount + 1)
        #expect(
            throws: MessageError.tooLarge(
                frame: 1, byteCount: payload.count, limit: ProtocolLimits.payloadFrameByteCount)
        ) { try FramedMessage<CoordinatorMessage>(frames: [[], payload]) }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1 << 30]) func chunksCoverThePayload(byteCount: Int) {
        let count = ProtocolLimits.chunkCount(of: byteCount)
        var end = 0
        for index in 0..<count {
            let range = ProtocolLimits.chunkRange(index, of: byteCount)
            #expect(range.lowerBound == end && !range.isEmpty && range.count <= ProtocolLimits.chunkByteCount)
            end = range.upperBound
        }
        #expect(end == byteCount)
    }
}

@Suite struct FixedSizeBytesTests {
    @Test func readsItsOwnHexadecimal() {
        #expect(Digest(hex: Samples.digest.hex) == Samples.digest)
        #expect(Digest(hex: Samples.digest.hex.uppercased()) == Samples.digest)
        #expect("\(Samples.session)" == "00010203")
    }

    @Test(arguments: ["", "0", "zz", String(repeating: "0", count: 31), String(repeating: "0", count: 34)])
    func refusesOtherTexts(text: String) {
        #expect(SessionID(hex: text) == nil)
    }

    @Test(arguments: [0, 15, 17]) func refusesOtherLengths(count: Int) {
        #expect(SessionID([UInt8](repeating: 0, count: count)) == nil)
    }

    /// Full-width digits are digits to `Character`, but not hexadecimal text.
    @Test func refusesOtherDigits() { #expect(ResultID(hex: String(repeating: "１", count: 16)) == nil) }
}

/// Ways in which bytes can be damaged.
enum Damage {
    /// Every truncation, every single-bit flip, and a byte too many.
    static func all(_ bytes: [UInt8]) -> [[UInt8]] {
        let truncated = (0..<bytes.count).map { Array(bytes[..<$0]) }
        let flipped = (0..<8 * bytes.count).map { bit in
            var other = bytes
            other[bit / 8] ^= 1 << (bit % 8)
            return other
        }
        return truncated + flipped + (0...255).map { bytes + [UInt8($0)] }
    }
}
