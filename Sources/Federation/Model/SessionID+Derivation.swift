import Encryption
import Messages

extension SessionID {
    /// Names one attempt at one round: the first 16 bytes of BLAKE2b-256 over federation, round, attempt and round key.
    public init(federation: FederationID, round: UInt32, attempt: UInt32, roundKey: PublicKeyBytes) {
        let hash = Blake2b256.hash([
            federation.bytes, round.littleEndianBytes, attempt.littleEndianBytes, roundKey.bytes,
        ])
        self.init(unchecked: Array(hash.prefix(Self.byteCount)))
    }
}

extension ResultID {
    /// Names one update in one session: the first 8 bytes of BLAKE2b-256 over the encoded update and the session.
    public init(update: [UInt8], session: SessionID) {
        self.init(unchecked: Array(Blake2b256.hash([update, session.bytes]).prefix(Self.byteCount)))
    }
}

extension FixedWidthInteger {
    /// The bytes of the integer, least significant first.
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
