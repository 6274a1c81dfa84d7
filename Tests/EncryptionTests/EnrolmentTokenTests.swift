import Encryption
import Testing

@Suite struct EnrolmentTokenTests {
    func token(
        endpoint: String = "tcp://coordinator.example:7000", expiry: UInt64 = 1000, root: [UInt8]? = nil
    ) throws -> EnrolmentToken {
        try EnrolmentToken(
            endpoint: endpoint, coordinatorTransportKey: [UInt8](repeating: 1, count: 32),
            coordinatorIdentity: [UInt8](repeating: 2, count: 32), federation: [UInt8](repeating: 3, count: 16),
            tokenKey: .generate(), expiry: expiry, rootKey: root)
    }

    @Test(arguments: ["t", "tcp://[::1]:7000", String(repeating: "é", count: 256)])
    func readsWhatItWrote(endpoint: String) throws {
        let token = try token(endpoint: endpoint)
        let read = try EnrolmentToken(" \(token.text)\n", now: 999)
        #expect(read.endpoint == endpoint)
        #expect(read.coordinatorTransportKey == token.coordinatorTransportKey)
        #expect(read.coordinatorIdentity == token.coordinatorIdentity)
        #expect(read.federation == token.federation)
        #expect(read.tokenKey.publicKey == token.tokenKey.publicKey)
        #expect(read.expiry == 1000)
        #expect(!"\(read)".contains(token.text))
    }

    @Test(arguments: ["", String(repeating: "e", count: 513)]) func refusesOtherEndpoints(endpoint: String) {
        #expect(throws: EncryptionError.token(.malformed)) { try token(endpoint: endpoint) }
    }

    @Test(arguments: ["t", String(repeating: "e", count: 512)]) func carriesARootKey(endpoint: String) throws {
        let root = [UInt8](repeating: 4, count: 32)
        let read = try EnrolmentToken(token(endpoint: endpoint, root: root).text, now: 0)
        #expect(read.rootKey == root && read.endpoint == endpoint && read.expiry == 1000)
        #expect(try EnrolmentToken(token().text, now: 0).rootKey == nil)
        // A root key can be neither taken out nor put in.
        let text = try token(root: root).text
        #expect(throws: EncryptionError.token(.malformed)) {
            try EnrolmentToken(text.replacing("token-v2", with: "token-v1"), now: 0)
        }
    }

    @Test func expires() throws {
        let text = try token().text
        #expect(throws: EncryptionError.token(.expired(at: 1000))) { try EnrolmentToken(text, now: 1000) }
    }

    @Test func everyDamageIsNoticed() throws {
        let text = Array(try token().text.utf8)
        for count in 0..<text.count {
            #expect(throws: EncryptionError.token(.malformed)) {
                try EnrolmentToken(String(decoding: text[..<count], as: UTF8.self), now: 0)
            }
        }
        for bit in 0..<8 * text.count {
            var flipped = text
            flipped[bit / 8] ^= 1 << (bit % 8)
            // Swallowing a character as white space at either end is damage as well.
            #expect(throws: EncryptionError.token(.malformed), "bit \(bit)") {
                try EnrolmentToken(String(decoding: flipped, as: UTF8.self), now: 0)
            }
        }
    }
}

@Suite struct Z85Tests {
    // ZeroMQ RFC 32.
    @Test func writesTheExampleOfTheRFC() throws {
        let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
        #expect(Z85.encode(bytes) == "HelloWorld")
        #expect(try Z85.decode("HelloWorld") == bytes)
    }

    @Test(arguments: [0, 4, 32, 400]) func readsWhatItWrote(byteCount: Int) throws {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 * 37) }
        #expect(try Z85.decode(Z85.encode(bytes)) == bytes)
        #expect(try Z85.decode(Z85.encode(bytes.map { ~$0 })) == bytes.map { ~$0 })
    }

    @Test(arguments: ["Hell", "Hello ", "Hell ", "#####", "%nSc1"]) func refusesOtherTexts(text: String) {
        #expect(throws: EncryptionError.invalidZ85) { try Z85.decode(text) }
    }

    @Test func fingerprintsTellKeysApart() {
        let text = Fingerprint.text(of: [UInt8](repeating: 1, count: 32))
        #expect(text.count == 19)
        #expect(text != Fingerprint.text(of: [UInt8](repeating: 2, count: 32)))
        let words = Fingerprint.words(of: [UInt8](repeating: 1, count: 32)).split(separator: "-")
        #expect(words.count == 4 && words.allSatisfy { $0.count == 5 })
        let others = (0..<200 as Range<UInt8>).map { Fingerprint.words(of: [UInt8](repeating: $0, count: 32)) }
        #expect(Set(others).count == 200)
    }
}
