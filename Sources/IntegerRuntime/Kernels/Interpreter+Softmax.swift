extension Interpreter {
    /// Probabilities in steps of 1/256 above −128, as the reference kernels of TensorFlow Lite make them in fixed point;
    /// LiteRT's default kernel has a float table instead and differs, whatever the profile.
    func softmax(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let (source, target) = (arena + input.arenaOffset, arena + output.arenaOffset)
        let (multiplier, shift, lowest) = (operation.words.0, operation.words.1, operation.words.2)
        var largest: Int32 = -128
        for index in 0..<input.count where Int32(source[index]) > largest { largest = Int32(source[index]) }
        var sum: Int32 = 0
        for index in 0..<input.count {
            let difference = Int32(source[index]) &- largest
            guard difference >= lowest else { continue }
            let scaled = FixedPoint.doublingHighMultiply(difference &<< shift, multiplier)
            sum &+= FixedPoint.roundingShift(FixedExponential.negative(scaled), 12)
        }
        let headroom = Int32(sum.leadingZeroBitCount)
        let fraction = Int32(bitPattern: (UInt32(bitPattern: sum) &<< UInt32(headroom)) &- (1 &<< 31))
        let reciprocal = FixedExponential.reciprocalOfOnePlus(fraction)
        let exponent = 12 &- headroom &+ 31 &- 8
        for index in 0..<input.count {
            let difference = Int32(source[index]) &- largest
            guard difference >= lowest else {
                target[index] = -128
                continue
            }
            let scaled = FixedPoint.doublingHighMultiply(difference &<< shift, multiplier)
            let product = FixedPoint.doublingHighMultiply(reciprocal, FixedExponential.negative(scaled))
            let value = FixedPoint.roundingShift(product, exponent) &- 128
            target[index] = Int8(truncatingIfNeeded: value > 127 ? 127 : value)
        }
    }
}

/// Exponential and reciprocal in fixed point (gemmlowp, `fixedpoint.h`).
enum FixedExponential {
    /// `e^a` for `a` ≤ 0 in Q5.26; the result is Q0.31.
    static func negative(_ a: Int32) -> Int32 {
        if a == 0 { return .max }
        let quarter: Int32 = 1 &<< 24
        let fraction = (a & (quarter &- 1)) &- quarter
        var result = nearZero(fraction &<< 5)
        let remainder = fraction &- a
        let factors: InlineArray<7, Int32> = [
            1_672_461_947, 1_302_514_674, 790_015_084, 290_630_308, 39_332_535, 720_401, 242,
        ]
        for index in 0..<7 where remainder & (1 &<< Int32(24 &+ index)) != 0 {
            result = FixedPoint.doublingHighMultiply(result, factors[index])
        }
        return result
    }

    /// `e^a` for `a` in [−1/4, 0), Q0.31: a Taylor polynomial of fourth degree around −1/8.
    private static func nearZero(_ a: Int32) -> Int32 {
        let constant: Int32 = 1_895_147_668
        let x = a &+ (1 &<< 28)
        let x2 = FixedPoint.doublingHighMultiply(x, x)
        let x3 = FixedPoint.doublingHighMultiply(x2, x)
        let x4 = FixedPoint.roundingShift(FixedPoint.doublingHighMultiply(x2, x2), 2)
        let third = FixedPoint.doublingHighMultiply(x4 &+ x3, 715_827_883)
        let tail = FixedPoint.roundingShift(third &+ x2, 1)
        return constant &+ FixedPoint.doublingHighMultiply(constant, x &+ tail)
    }

    /// `1 / (1 + a)` for `a` in [0, 1), Q0.31: three steps of Newton's method.
    static func reciprocalOfOnePlus(_ a: Int32) -> Int32 {
        let half = Int32(truncatingIfNeeded: (Int64(a) &+ Int64(Int32.max) &+ 1) &>> 1)
        var x = 1_515_870_810 &+ FixedPoint.doublingHighMultiply(half, -1_010_580_540)
        for _ in 0..<3 {
            let error = (1 &<< 29) &- FixedPoint.doublingHighMultiply(half, x)
            x = x &+ saturatingShift(FixedPoint.doublingHighMultiply(x, error), 2)
        }
        return saturatingShift(x, 1)
    }

    private static func saturatingShift(_ value: Int32, _ bits: Int32) -> Int32 {
        let limit = Int32.max &>> bits
        return value > limit ? .max : value < ~limit ? .min : value &<< bits
    }
}
