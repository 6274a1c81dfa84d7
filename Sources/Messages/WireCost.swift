/// What messages cost on the TCP connection: ZMTP 3.1 framing (RFC 37) with the CURVE mechanism (RFC 25).
///
/// A frame travels inside a CURVE `MESSAGE` command: 8 bytes of name, 8 of nonce, 16 of authenticator and 1 of flags.
/// ZMTP puts 2 bytes before it, or 9 when it is longer than 255 bytes.
public enum WireCost {
    /// Bytes that CURVE adds to a frame.
    public static let curveByteCount = 33

    /// Bytes on the connection for one frame of `byteCount` bytes.
    public static func frame(_ byteCount: Int) -> Int {
        let body = byteCount + curveByteCount
        return body + (body > 255 ? 9 : 2)
    }
}
