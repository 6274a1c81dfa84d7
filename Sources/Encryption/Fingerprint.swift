/// A short text by which people compare public keys.
public enum Fingerprint {
    /// Eight bytes of BLAKE2b-256 of a public key, such as `3f2a-90bc-1177-e04d`.
    public static func text(of publicKey: [UInt8]) -> String {
        let groups = stride(from: 0, to: 8, by: 2).map { Hexadecimal.encode(Array(digest(publicKey)[$0..<$0 + 2])) }
        return groups.joined(separator: "-")
    }

    /// The same eight bytes as four words that can be read out over a telephone, such as `gusat-lipim-tabok-dozuv`.
    ///
    /// Two bytes make a word of five letters, consonants and vowels in turn: four bits a consonant, two a vowel, as in
    /// proquints (Wilkerson 2009, arXiv:0901.4016).
    public static func words(of publicKey: [UInt8]) -> String {
        let digest = digest(publicKey)
        return stride(from: 0, to: 8, by: 2)
            .map { word(UInt16(digest[$0]) << 8 | UInt16(digest[$0 + 1])) }.joined(separator: "-")
    }

    private static let consonants = Array("bdfghjklmnprstvz")
    private static let vowels = Array("aiou")

    private static func word(_ bits: UInt16) -> String {
        String([
            consonants[Int(bits >> 12)], vowels[Int(bits >> 10 & 3)], consonants[Int(bits >> 6 & 15)],
            vowels[Int(bits >> 4 & 3)], consonants[Int(bits & 15)],
        ])
    }

    private static func digest(_ publicKey: [UInt8]) -> [UInt8] {
        Blake2b256.hash([publicKey], personal: Array("swiftlet-fprint1".utf8))
    }
}
