/// Adaptive probabilities of small integers, coded as binary decisions: first whether it is the commonest symbol, then
/// the bits of the others from the highest, each in the context of those before it.
///
/// Every decision counts its ones exactly for the first 255 times and then forgets slowly. Integers only, the same on
/// every machine.
struct SymbolModel {
    /// Bits of a symbol, 1–8.
    let width: Int
    /// The symbol with a decision of its own.
    let commonest: UInt8
    /// Per decision: probability of a 1 in units of 2^-22 above 10 bits of a visit count.
    private var nodes: [UInt32]

    /// 2^16 / (visits + 1.5).
    private static let rates: [UInt32] = (0...255).map { UInt32((1 << 17) / (2 * $0 + 3)) }

    init(width: Int, commonest: UInt8) {
        self.width = width
        self.commonest = commonest
        nodes = [UInt32](repeating: 1 << 31, count: 1 << width)
    }

    /// The symbol that occurs most often, the lowest of several.
    static func commonest(of symbols: [UInt8]) -> UInt8 {
        var counts = [Int](repeating: 0, count: 256)
        for symbol in symbols { counts[Int(symbol)] += 1 }
        return UInt8(counts.indices.max { (counts[$0], -$0) < (counts[$1], -$1) } ?? 0)
    }

    /// Codes symbols one after another: writes them, or overwrites them with what is read.
    mutating func code(_ symbols: UnsafeMutableBufferPointer<UInt8>, with coder: inout some BinaryCoder) {
        nodes.withUnsafeMutableBufferPointer { nodes in
            Self.rates.withUnsafeBufferPointer { rates in
                for index in symbols.indices {
                    let symbol = symbols[index]
                    if Self.decide(symbol == commonest ? 1 : 0, 0, nodes, rates, &coder) == 1 {
                        symbols[index] = commonest
                        continue
                    }
                    var node = 1
                    for bit in stride(from: width - 1, through: 0, by: -1) {
                        node = node << 1 | Self.decide(Int(symbol >> UInt8(bit)) & 1, node, nodes, rates, &coder)
                    }
                    symbols[index] = UInt8(truncatingIfNeeded: node) & UInt8(truncatingIfNeeded: 1 << width - 1)
                }
            }
        }
    }

    @inline(__always)
    private static func decide<Coder: BinaryCoder>(
        _ bit: Int, _ node: Int, _ nodes: UnsafeMutableBufferPointer<UInt32>, _ rates: UnsafeBufferPointer<UInt32>,
        _ coder: inout Coder
    ) -> Int {
        let state = nodes[node]
        let result = coder.code(bit, probability: max(16, min(65520, Int(state >> 16))))
        let visits = state & 0x3ff
        let probability = Int64(state >> 10)
        let change = ((Int64(result) &* 0x3f_ffff &- probability) &* Int64(rates[Int(visits)])) >> 16
        nodes[node] = UInt32(truncatingIfNeeded: probability &+ change) << 10 | min(visits &+ 1, 255)
        return result
    }
}
