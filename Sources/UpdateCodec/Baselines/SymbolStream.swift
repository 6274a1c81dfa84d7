/// Several runs of symbols behind each other in one entropy-coded stream, each run with a model of its own.
struct SymbolStream {
    private init() {}

    /// A run of symbols of `width` bits, 1–8.
    struct Run {
        let width: Int
        var symbols: [UInt8]
    }

    /// Encodes runs; their widths and lengths are known to the reader.
    static func encode(_ runs: [Run]) -> [UInt8] {
        var bytes: [UInt8] = []
        var encoder = ArithmeticEncoder(reservingCapacity: runs.reduce(0) { $0 + $1.symbols.count } / 2)
        for run in runs {
            var symbols = run.symbols
            var model = SymbolModel(width: run.width, commonest: SymbolModel.commonest(of: symbols))
            bytes.append(model.commonest)
            symbols.withUnsafeMutableBufferPointer { model.code($0, with: &encoder) }
        }
        return bytes + encoder.finish()
    }

    /// Decodes into the symbols of `runs`, whose widths and lengths are set.
    ///
    /// - Throws: `CodecError.truncated`, `.trailingBytes`, `.corruptPayload`.
    static func decode(_ bytes: ArraySlice<UInt8>, into runs: inout [Run]) throws(CodecError) {
        guard bytes.count >= runs.count else { throw .truncated }
        let isWhole = bytes.withUnsafeBufferPointer { all in
            var decoder = ArithmeticDecoder(UnsafeBufferPointer(rebasing: all[runs.count...]))
            for index in runs.indices {
                let mask = UInt8(truncatingIfNeeded: 1 << runs[index].width - 1)
                var model = SymbolModel(width: runs[index].width, commonest: all[index] & mask)
                runs[index].symbols.withUnsafeMutableBufferPointer { model.code($0, with: &decoder) }
            }
            return decoder.isAtEnd
        }
        guard isWhole else { throw .corruptPayload("the symbols do not end where the payload does") }
    }
}
