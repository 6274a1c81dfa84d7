/// One decoder of bytes from outside, with a valid encoding to start from.
struct FuzzedDecoder {
    /// A valid encoding.
    let sample: [UInt8]
    /// Puts a header that is right before a payload.
    let frame: ([UInt8]) -> [UInt8]
    /// Decodes, and throws nothing but the module's typed error, which is swallowed.
    let decode: ([UInt8]) -> Void
}
