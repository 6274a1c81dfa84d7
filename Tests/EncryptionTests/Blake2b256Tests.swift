import Encryption
import Testing

@Suite struct Blake2b256Tests {
    // Made by Tests/Golden/encryption/make.py with PyNaCl, and RFC 7693 by way of Python's hashlib.
    @Test func hashesTheKnownVectors() {
        #expect(
            Hex.text(Blake2b256.hash(Array("abc".utf8)))
                == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
        #expect(
            Hex.text(Blake2b256.hash([UInt8]()))
                == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
    }

    @Test(arguments: [0, 1, 127, 128, 129, 1000]) func partsGiveTheHashOfTheWhole(split: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var hash = Blake2b256()
        hash.update(Array(bytes[..<split]))
        bytes[split...].withUnsafeBytes { hash.update($0) }
        #expect(hash.finalize() == Blake2b256.hash(bytes))
        var spans = Blake2b256()
        spans.update(bytes.span)
        #expect(spans.finalize() == Blake2b256.hash(bytes))
    }

    @Test func keyAndPersonalChangeTheHash() {
        let plain = Blake2b256().finalize()
        let keyed = Blake2b256(key: [1]).finalize()
        let secret = Blake2b256(key: SecretBytes([1])).finalize()
        let personal = Blake2b256(personal: [UInt8](repeating: 1, count: 16)).finalize()
        #expect(keyed == secret)
        #expect(Set([plain, keyed, personal]).count == 3)
    }
}
