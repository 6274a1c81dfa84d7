import Encryption
import Testing

@Suite struct SigningKeyPairTests {
    // RFC 8032, section 7.1, TEST 1 to 3.
    static let vectors: [(seed: String, publicKey: String, message: String, signature: String)] = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test(arguments: vectors.indices) func signsTheVectorsOfTheRFC(index: Int) throws {
        let vector = Self.vectors[index]
        let pair = try SigningKeyPair(seed: Hex.bytes(vector.seed))
        let message = Hex.bytes(vector.message)
        #expect(Hex.text(pair.publicKey) == vector.publicKey)
        #expect(Hex.text(pair.sign(message)) == vector.signature)
        #expect(
            SigningKeyPair.verify(signature: pair.sign(message), message: message, publicKey: pair.publicKey))
    }

    @Test func verifiesNothingElse() {
        let pair = SigningKeyPair.generate()
        let other = SigningKeyPair.generate()
        let signature = pair.sign([1, 2, 3])
        #expect(!SigningKeyPair.verify(signature: signature, message: [1, 2, 4], publicKey: pair.publicKey))
        #expect(!SigningKeyPair.verify(signature: signature, message: [1, 2, 3], publicKey: other.publicKey))
        #expect(!SigningKeyPair.verify(signature: [], message: [1, 2, 3], publicKey: pair.publicKey))
        #expect(!SigningKeyPair.verify(signature: signature, message: [1, 2, 3], publicKey: []))
        for bit in 0..<512 {
            var flipped = signature
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(!SigningKeyPair.verify(signature: flipped, message: [1, 2, 3], publicKey: pair.publicKey))
        }
    }

    @Test(arguments: [0, 31, 33]) func seedsHaveOneLength(byteCount: Int) {
        #expect(throws: EncryptionError.wrongLength("Ed25519 seed", expected: 32, actual: byteCount)) {
            try SigningKeyPair(seed: [UInt8](repeating: 1, count: byteCount))
        }
    }
}

@Suite struct AgreementKeyPairTests {
    // RFC 7748, section 5.2.
    @Test func agreesAsInTheRFC() throws {
        let pair = try AgreementKeyPair(
            secret: Hex.bytes("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
        let shared = try pair.sharedSecret(
            with: Hex.bytes("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        #expect(Hex.text(shared.exposed()) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    }

    // RFC 7748, section 5.2: the iterated function after 1 and 1,000 rounds.
    @Test(arguments: [
        (1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"),
        (1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"),
    ])
    func iteratesAsInTheRFC(count: Int, expected: String) throws {
        var scalar = [9] + [UInt8](repeating: 0, count: 31)
        var point = scalar
        for _ in 0..<count {
            let next = try AgreementKeyPair(secret: scalar).sharedSecret(with: point).exposed()
            point = scalar
            scalar = next
        }
        #expect(Hex.text(scalar) == expected)
    }

    @Test func bothSidesAgree() throws {
        let one = AgreementKeyPair.generate()
        let other = AgreementKeyPair.generate()
        #expect(try one.sharedSecret(with: other.publicKey) == other.sharedSecret(with: one.publicKey))
    }

    /// Points of order 1, 2, 4 and 8, and their non-canonical forms (https://cr.yp.to/ecdh.html#validate).
    static let lowOrder = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]

    @Test(arguments: lowOrder) func refusesLowOrderPoints(point: String) {
        let pair = AgreementKeyPair.generate()
        #expect(throws: EncryptionError.lowOrderPoint) { try pair.sharedSecret(with: Hex.bytes(point)) }
        #expect(throws: EncryptionError.lowOrderPoint) {
            try PayloadKey(ours: pair, theirs: Hex.bytes(point), context: [])
        }
    }

    @Test func secretsAreNotPrinted() {
        let pair = AgreementKeyPair.generate()
        var printed = ""
        dump(pair.secret, to: &printed)
        #expect(!printed.contains("UInt8"))
        #expect("\(pair.secret)" == "32 secret bytes")
    }
}
