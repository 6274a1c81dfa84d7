/// A short text by which people compare public keys.
public enum Fingerprint {
    /// Eight bytes of BLAKE2b-256 of a public key, such as `3f2a-90bc-1177-e04d`.
    public static func text(of publicKey: [UInt8]) -> String {
        let digest = Blake2b256.hash([publicKey], personal: Array("swiftlet-fprint1".utf8))
        let groups = stride(from: 0, to: 8, by: 2).map { Hexadecimal.encode(Array(digest[$0..<$0 + 2])) }
        return groups.joined(separator: "-")
    }
}
