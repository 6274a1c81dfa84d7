/// What libFuzzer calls with every input; a crash, a trap, a hang or too much memory is a finding.
///
/// The first byte chooses the decoder, and the second how the rest becomes its bytes (see `InputShape`).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let data, size >= 2 else { return 0 }
    let rest = UnsafeBufferPointer(start: data + 2, count: size - 2)
    let decoders = FuzzedDecoders.all
    let decoder = decoders[Int(data[0]) % decoders.count]
    decoder.decode(InputShape(selector: data[1]).bytes(from: rest, for: decoder))
    return 0
}
