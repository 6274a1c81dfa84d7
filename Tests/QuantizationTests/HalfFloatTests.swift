import Quantization
import Tensors
import Testing

struct HalfFloatTests {
    @Test func everyCodeSurvivesTheRoundTrip() {
        for bits in 0...UInt16.max {
            let reference = Float(Float16(bitPattern: bits))
            let value = HalfFloat.value(bits)
            if reference.isNaN {
                #expect(value.isNaN)
                #expect(Float16(bitPattern: HalfFloat.code(value)).isNaN)
            } else {
                #expect(value.bitPattern == reference.bitPattern)
                #expect(HalfFloat.code(value) == bits)
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func roundsLikeTheHardwareType(seed: UInt64) {
        var random = SeededRandom(Seed(seed))
        for _ in 0..<200_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if value.isNaN { continue }
            #expect(HalfFloat.code(value) == Float16(value).bitPattern, "\(value) with seed \(seed)")
        }
    }

    @Test func roundsTiesToEvenAtEveryEdge() {
        for bits in 0..<UInt16(0x7c00) {
            let middle = (HalfFloat.value(bits) + Float(Float16(bitPattern: bits).nextUp)) / 2
            for value in [middle, middle.nextUp, middle.nextDown, -middle] where value.isFinite {
                #expect(HalfFloat.code(value) == Float16(value).bitPattern)
            }
        }
        #expect(HalfFloat.code(65519.996) == 0x7bff)
        #expect(HalfFloat.code(65520) == 0x7c00)
    }
}
