/// Short texts in a few bytes, for two sides that know beforehand what such texts look like.
///
/// The bits of every byte are coded by what followed the same one, two, four and six bytes before, mixed as
/// `DecisionModel` does. Before the first byte the model has read a primer, so that what a text has in common with it
/// costs next to nothing. The primer is part of the format: both sides must have the same one. All arithmetic is on
/// integers.
package enum PrimedText {
    private static let slotBits = 18
    private static let orders = [1, 2, 4, 6]

    /// The text's length as a varint, then its bits. About 1 MiB of memory for the time of the call.
    package static func pack(_ text: [UInt8], primer: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        Varint.append(UInt64(text.count), to: &bytes)
        let model = model()
        var history = read(primer, model)
        var encoder = ArithmeticEncoder()
        for byte in text { history.append(UInt8(code(Int(byte), after: history, model, with: &encoder))) }
        return bytes + encoder.finish()
    }

    /// Reads what `pack` wrote.
    ///
    /// - Parameter limit: longest text, in bytes; a longer one is refused before it is decoded.
    /// - Throws: `CodecError.truncated`, `.corruptPayload`.
    package static func unpack(_ packed: [UInt8], primer: [UInt8], limit: Int) throws(CodecError) -> [UInt8] {
        var start = 0
        let count = try packed.withUnsafeBufferPointer { bytes throws(CodecError) in
            try Varint.read(bytes, at: &start)
        }
        guard count <= UInt64(limit) else { throw .corruptPayload("the text is too long") }
        let model = model()
        var history = read(primer, model)
        let isWhole = packed.withUnsafeBufferPointer { bytes in
            var decoder = ArithmeticDecoder(UnsafeBufferPointer(rebasing: bytes[start...]))
            for _ in 0..<count { history.append(UInt8(code(0, after: history, model, with: &decoder))) }
            return decoder.isAtEnd
        }
        guard isWhole else { throw .corruptPayload("the text does not end where it should") }
        return Array(history[primer.count...])
    }

    private static func model() -> DecisionModel { DecisionModel(slotCount: 4 << slotBits, weightSets: 1) }

    /// Lets a model read a text whose cost does not matter.
    private static func read(_ text: [UInt8], _ model: borrowing DecisionModel) -> [UInt8] {
        var counter = BitCounter()
        var history: [UInt8] = []
        for byte in text { history.append(UInt8(code(Int(byte), after: history, model, with: &counter))) }
        return history
    }

    private static func code(
        _ byte: Int, after history: [UInt8], _ model: borrowing DecisionModel, with coder: inout some BinaryCoder
    ) -> Int {
        let hashes = orders.map { order in
            history.suffix(order).reduce(UInt32(order)) { ($0 ^ UInt32($1)) &* 0x9e37_79b1 &+ 0x7f4a_7c15 }
        }
        var node = 1
        for position in stride(from: 7, through: 0, by: -1) {
            func slot(_ index: Int) -> Int {
                let hash = (hashes[index] ^ UInt32(node)) &* 0x85eb_ca6b
                return index << slotBits + Int(hash >> UInt32(32 - slotBits))
            }
            let bit = model.code(
                byte >> position & 1, start: 0x8000, contexts: (slot(0), slot(1), slot(2), slot(3)), set: 0,
                with: &coder)
            node = node << 1 | bit
        }
        return node & 0xff
    }
}
