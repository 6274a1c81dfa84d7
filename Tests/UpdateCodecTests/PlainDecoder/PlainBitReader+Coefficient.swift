/// The coefficient of section 5.
extension PlainBitReader {
    struct Surroundings {
        var level = 0
        var left = 0
        var above = 0
        var first = 0
        var second = 0
        var otherLevel = 0
    }

    mutating func coefficient(_ around: Surroundings, family: Int) -> Int {
        func bounded(_ x: Int, _ top: Int) -> Int { max(0, min(top, x)) }
        let index = bounded((around.level + 2048) >> 6, 63)
        let coarse = index / 4
        let shift = bounded((around.level >> 8) - 2, 16)
        let hint = 4 * min(3, around.first) + min(3, around.second)
        let start = Self.start(bounded((around.level - 256 * shift + 2048) >> 6, 63))
        func name(_ slot: Int) -> String { "\(family) \(slot)" }
        let zero = [
            index, 64 + 16 * (3 * min(2, abs(around.left)) + min(2, abs(around.above))) + coarse,
            208 + 16 * hint + coarse, 464 + 16 * bounded((around.otherLevel + 2048) >> 8, 15) + coarse,
        ]
        var size = mixed(zero.map(name), start: start, set: 24 * family + min(7, coarse / 2))
        if size == 1 {
            while size < 18 {
                let slots = [
                    4 * index + min(3, size - 1), 256 + 20 * min(15, abs(around.left) + abs(around.above)) + size,
                    576 + 20 * hint + size, 896 + size,
                ]
                let set = 24 * family + 8 + min(7, size - 1)
                if mixed(slots.map { name(720 + $0) }, start: start, set: set) == 0 { break }
                size += 1
            }
            if size == 18 {
                var c = 0
                while c < 20, raw(1) == 1 { c += 1 }
                size += 1 << c + raw(c) - 1
            }
        }
        let magnitude = min(1 << 20, size << shift + raw(shift))
        if magnitude == 0 { return 0 }
        if around.left == 0 && around.above == 0 { return raw(1) == 1 ? -magnitude : magnitude }
        func trend(_ x: Int) -> Int { max(-2, min(2, x)) + 2 }
        return single(name(1636 + 5 * trend(around.left) + trend(around.above))) == 1 ? -magnitude : magnitude
    }

    private static func start(_ i: Int) -> Int {
        let quarter = [71468, 84990, 101_070, 120_193][i % 4]
        let mean = i / 4 >= 8 ? quarter << (i / 4 - 8) : quarter >> (8 - i / 4)
        return max(48, min(64900, mean * 65536 / (65536 + mean)))
    }

    /// 2^(level/256) in integers.
    static func power(_ level: Int) -> Int {
        let f = max(0, level) % 256
        return ((65536 + f * (43010 + 88 * f) / 256) << min(40, max(0, level) / 256)) >> 16
    }
}
