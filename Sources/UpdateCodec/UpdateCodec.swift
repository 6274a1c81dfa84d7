import Tensors

/// Turns a client's update into bytes and back.
///
/// Encoding and decoding are deterministic: the same update, layout and context give the same bytes on one machine, and
/// the same bytes decode to the same values, within float rounding, on every machine.
public protocol UpdateCodec: Sendable {
    /// The specification under which `UpdateCodecs.named` finds this codec, parameters included.
    var name: String { get }
    /// Whether decoding gives back every bit of the update.
    var isLossless: Bool { get }

    /// Encodes an update of `layout.count` elements.
    ///
    /// - Throws: `CodecError.countMismatch`, `.notFinite` for NaN or infinity.
    func encode(_ update: [Float], layout: ParameterLayout, context: CodecContext) throws(CodecError) -> [UInt8]

    /// Decodes into `output`, which has `layout.count` elements and is reused between calls.
    ///
    /// Allocates no more than buffers of the layout's size. After an error the content of `output` is unspecified.
    ///
    /// - Throws: `CodecError` for everything that is wrong with `bytes`, truncation and trailing bytes included.
    func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError)
}

extension UpdateCodec {
    /// Refuses an update of the wrong size or with a value that is not a number.
    ///
    /// - Returns: the largest magnitude.
    @discardableResult
    func checkUpdate(_ update: [Float], layout: ParameterLayout) throws(CodecError) -> Float {
        guard update.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: update.count)
        }
        // An integer test of all exponents at once; only a bad update pays for the search.
        let worst = update.withUnsafeBufferPointer { values in
            values.reduce(into: UInt32(0)) { $0 = max($0, $1.bitPattern & 0x7fff_ffff) }
        }
        if worst >= 0x7f80_0000, let index = update.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(index: index)
        }
        return Float(bitPattern: worst)
    }

    /// Refuses an output buffer that does not fit the layout.
    func checkOutput(_ output: [Float], layout: ParameterLayout) throws(CodecError) {
        guard output.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: output.count)
        }
    }
}
