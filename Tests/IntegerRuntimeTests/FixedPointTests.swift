import IntegerRuntime
import Testing

struct FixedPointTests {
    /// The rules as their authors wrote them: add half a step of the result's sign, divide, truncate.
    private func plainHigh(_ a: Int32, _ b: Int32) -> Int32 {
        let product = Int64(a) * Int64(b)
        return Int32((product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (1 << 31))
    }

    private func plainShift(_ value: Int32, _ exponent: Int32) -> Int32 {
        let quotient = Double(value) / Double(Int64(1) << Int64(exponent))
        return Int32(quotient.rounded(.toNearestOrAwayFromZero))
    }

    private let values: [Int32] = [
        0, 1, -1, 2, 3, -3, 127, -128, 255, 4095, -4096, 1 << 20, -(1 << 20), 1_073_741_824, -1_073_741_824,
        .max - 1, .min + 1, .max, .min,
    ]

    @Test(arguments: [Int32(0), 1, 1 << 30, 1_395_864_371, .max])
    func highProductsRoundAsTheReference(multiplier: Int32) {
        for value in values {
            #expect(FixedPoint.doublingHighMultiply(value, multiplier) == plainHigh(value, multiplier), "\(value)")
        }
    }

    @Test(arguments: [Int32(0), 1, 2, 7, 15, 30, 31])
    func shiftsRoundHalvesAwayFromZero(exponent: Int32) {
        for value in values {
            #expect(FixedPoint.roundingShift(value, exponent) == plainShift(value, exponent), "\(value)")
        }
    }

    @Test(arguments: [Int32(0), 1 << 30, 1_395_864_371, .max])
    func scalingRoundsTwice(multiplier: Int32) {
        for shift in Int32(-31)...30 {
            for value in values + (-300...300) {
                let high = plainHigh(value &<< max(shift, 0), multiplier)
                let expected = plainShift(high, max(-shift, 0))
                #expect(FixedPoint.multiply(value, multiplier, shift: shift) == expected, "\(value), \(shift)")
            }
        }
    }

    @Test func halvesGoWhereEachProfileSendsThem() {
        // 5 · 0.5 = 2.5 and −2.5.
        let half = ChannelScale(first: 1 << 30, second: 0)
        #expect(TFLMRules.convolution(5, half) == 3)
        #expect(TFLMRules.convolution(-5, half) == -2)
        let bits = Double(0.5).bitPattern
        let double = ChannelScale(first: Int32(truncatingIfNeeded: bits), second: Int32(truncatingIfNeeded: bits >> 32))
        #expect(LiteRTReferenceRules.dense(5, double) == 3)
        #expect(LiteRTReferenceRules.dense(-5, double) == -3)
        let single = ChannelScale(first: Int32(bitPattern: Float(0.5).bitPattern), second: 0)
        #expect(XNNPACKRules.convolution(5, single) == 2)
        #expect(XNNPACKRules.convolution(-5, single) == -2)
        #expect(XNNPACKRules.convolution(7, single) == 4)
    }

    @Test func hugeSumsSaturateInsteadOfTrapping() {
        let large = ChannelScale(first: Int32(bitPattern: Float(1e30).bitPattern), second: 0)
        #expect(XNNPACKRules.convolution(.max, large) == 1_048_576)
        #expect(XNNPACKRules.convolution(.min, large) == -1_048_576)
        let bits = Double(1e300).bitPattern
        let double = ChannelScale(first: Int32(truncatingIfNeeded: bits), second: Int32(truncatingIfNeeded: bits >> 32))
        #expect(LiteRTReferenceRules.dense(.max, double) == 16_777_216)
    }

    @Test func checksumIsThatOfTheStandard() {
        let text = Array("123456789".utf8)
        #expect(text.withUnsafeBytes { Checksum.crc32($0) } == 0xcbf4_3926)
    }
}
