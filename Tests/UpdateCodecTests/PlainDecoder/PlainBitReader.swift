/// Sections 4 and 5 of `Docs/update-format.md`, written down plainly: no pointers, no generics, no care for speed.
struct PlainBitReader {
    private let bytes: [UInt8]
    private var position = 4
    private var low = 0
    private var high = 0xffff_ffff
    private var value: Int
    private var slots: [String: (probability: Int, visits: Int)] = [:]
    private var weights: [Int: [Int]] = [:]
    private static let knots = [
        32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030,
        64357, 64614, 64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508,
        65514, 65519, 65523, 65526, 65527, 65528, 65529, 65530, 65531, 65532, 65533, 65534, 65535,
    ]
    private var stretches: [Int] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        value = (0..<4).reduce(0) { $0 << 8 | ($1 < bytes.count ? Int(bytes[$1]) : 0) }
        var x = -2816
        for q in 0..<4096 {
            while x < 2816, Self.squash(x) < 16 * q + 8 { x += 1 }
            stretches.append(x)
        }
    }

    var isAtEnd: Bool { position >= bytes.count && bytes.last != 0 }

    static func log2(_ v: Int) -> Int {
        let e = Int.bitWidth - 1 - v.leadingZeroBitCount
        let f = (e >= 8 ? v >> (e - 8) : v << (8 - e)) & 255
        return 256 * e + f + ((f * (256 - f) * 88) >> 16)
    }

    static func squash(_ x: Int) -> Int {
        let part = min(43, abs(x) / 64)
        let weight = abs(x) - 64 * part
        let p = (knots[part] * (64 - weight) + knots[part + 1] * weight + 32) / 64
        return x < 0 ? 65536 - p : p
    }

    mutating func bit(_ probability: Int) -> Int {
        let split = low + ((high - low) * probability) >> 16
        let result = value <= split ? 1 : 0
        if result == 1 { high = split } else { low = split + 1 }
        while low >> 24 == high >> 24 {
            low = low << 8 & 0xffff_ffff
            high = high << 8 & 0xffff_ffff | 255
            value = value << 8 & 0xffff_ffff | (position < bytes.count ? Int(bytes[position]) : 0)
            position += 1
        }
        return result
    }

    mutating func raw(_ count: Int) -> Int {
        var result = 0
        for _ in 0..<count { result = 2 * result + bit(32768) }
        return result
    }

    private mutating func visit(_ slot: String, _ bit: Int) {
        guard let (probability, visits) = slots[slot] else { return }
        let change = ((bit == 1 ? 0x3f_ffff : 0) - probability) * (131072 / (2 * visits + 4))
        slots[slot] = (probability + change >> 16, min(80, visits + 1))
    }

    mutating func single(_ slot: String) -> Int {
        let probability = slots[slot, default: (32768 * 64, 0)].probability
        slots[slot] = slots[slot, default: (32768 * 64, 0)]
        let result = bit(max(24, min(65512, probability / 64)))
        visit(slot, result)
        return result
    }

    mutating func mixed(_ names: [String], start: Int, set: Int) -> Int {
        let first = slots[names[0], default: (start * 64, 0)]
        slots[names[0]] = first
        for name in names where slots[name] == nil { slots[name] = (first.probability, 0) }
        let s = names.map { stretches[(slots[$0]?.probability ?? 0) / 1024] }
        var w = weights[set, default: [20000, 10000, 10000, 10000]]
        let x = (zip(w, s).reduce(0) { $0 + $1.0 * $1.1 } + 32768) >> 16
        let p = Self.squash(max(-2816, min(2816, x)))
        let result = bit(p)
        let t = ((65536 * result - p) * 6) >> 4
        for index in 0..<4 { w[index] += (s[index] * t + 8192) >> 14 }
        weights[set] = w
        for name in names { visit(name, result) }
        return result
    }

    mutating func side(_ context: Int, limit: Int) -> Int {
        if limit == 0 { return 0 }
        if limit == 1 { return single("side \(context) 0") }
        var most = 0
        while 1 << (most + 1) <= limit + 1 { most += 1 }
        var c = 0
        while c < most, single("side \(context) \(c)") == 1 { c += 1 }
        var v = 1
        for depth in 0..<c {
            switch depth {
            case 0: v = 2 * v + single("side \(context) \(8 + 4 * c)")
            case 1: v = 2 * v + single("side \(context) \(9 + 4 * c + v % 2)")
            default: v = 2 * v + raw(1)
            }
        }
        return min(limit, v - 1)
    }
}
