import Quantization
import Testing

struct ScaleGridTests {
    @Test(arguments: Int8.min...Int8.max)
    func codesAreQuarterPowersOfTwo(code: Int8) {
        let scale = Double(ScaleGrid.scale(code: code))
        let fourth = scale * scale * scale * scale
        let exact = Double(sign: .plus, exponent: Int(code), significand: 1)
        #expect(abs(fourth / exact - 1) < 1e-6)
    }

    @Test(arguments: [1, 7, 127, 32767], [Float.leastNonzeroMagnitude, 1e-6, 0.3, 1, 1.0000001, 127, 5e4])
    func codeIsTheSmallestThatCovers(levels: Int, magnitude: Float) {
        let code = ScaleGrid.code(covering: magnitude, levels: levels)
        #expect(ScaleGrid.covers(magnitude, code: code, levels: levels))
        if code > .min { #expect(!ScaleGrid.covers(magnitude, code: code - 1, levels: levels)) }
    }

    @Test func zeroTakesTheFinestScaleAndGiantsTheCoarsest() {
        #expect(ScaleGrid.code(covering: 0, levels: 127) == .min)
        #expect(ScaleGrid.code(covering: .greatestFiniteMagnitude, levels: 127) == .max)
        #expect(!ScaleGrid.covers(.greatestFiniteMagnitude, code: .max, levels: 127))
    }
}
