import Quantization
import Tensors
import Testing

struct BrainFloatTests {
    /// Nearest of the two neighbours in double precision, ties to the even code.
    static func reference(_ value: Float) -> UInt16 {
        let lower = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
        let upper = lower + 1
        let low = Double(Float(bitPattern: UInt32(lower) << 16))
        // The neighbour beyond the range counts as 2^128.
        let beyond = Double(sign: value.sign, exponent: 128, significand: 1)
        let high = upper & 0x7fff == 0x7f80 ? beyond : Double(Float(bitPattern: UInt32(upper) << 16))
        let (toLow, toHigh) = (abs(Double(value) - low), abs(Double(value) - high))
        if toLow == toHigh { return lower & 1 == 0 ? lower : upper }
        return toLow < toHigh ? lower : upper
    }

    @Test func everyCodeSurvivesTheRoundTrip() {
        for bits in 0...UInt16.max {
            let value = BrainFloat.value(bits)
            if value.isNaN {
                #expect(BrainFloat.value(BrainFloat.code(value)).isNaN)
            } else {
                #expect(BrainFloat.code(value) == bits)
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func roundsToTheNearestEven(seed: UInt64) {
        var random = SeededRandom(Seed(seed))
        for round in 0..<100_000 {
            var bits = UInt32(truncatingIfNeeded: random.next())
            // Every fourth is an exact tie, every fifth subnormal.
            if round % 4 == 0 { bits = bits & 0xffff_0000 | 0x8000 }
            if round % 5 == 0 { bits &= 0x807f_ffff }
            let value = Float(bitPattern: bits)
            if value.isFinite { #expect(BrainFloat.code(value) == Self.reference(value), "bits \(bits)") }
        }
    }

    @Test func overflowsToInfinityOnlyBeyondTheMiddle() {
        #expect(BrainFloat.code(.greatestFiniteMagnitude) == 0x7f80)
        #expect(BrainFloat.code(BrainFloat.largest) == 0x7f7f)
        #expect(BrainFloat.code(-.infinity) == 0xff80)
        #expect(BrainFloat.value(BrainFloat.code(Float(bitPattern: 0x7f80_0001))).isNaN)
    }
}
