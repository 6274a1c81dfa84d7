import Foundation
import Privacy
import Testing

struct FourierTransformTests {
    /// A fixed, uneven sequence.
    private static func samples(_ count: Int) -> (real: [Double], imaginary: [Double]) {
        let real = (0..<count).map { sin(Double($0 * $0 % 97)) }
        return (real, (0..<count).map { cos(Double($0 * 13 % 89)) })
    }

    /// Position of frequency k after `forward`.
    private static func position(_ frequency: Int, count: Int) -> Int {
        var (result, rest, size) = (0, frequency, 1)
        while size < count {
            result = result << 1 | rest & 1
            rest >>= 1
            size <<= 1
        }
        return result
    }

    @Test(arguments: [1, 2, 4, 8, 64, 256])
    func matchesTheDefinition(_ count: Int) {
        let input = Self.samples(count)
        var (real, imaginary) = input
        FourierTransform(count: count).forward(real: &real, imaginary: &imaginary)
        for frequency in 0..<count {
            var expected = (real: 0.0, imaginary: 0.0)
            for index in 0..<count {
                let angle = -2 * Double.pi * Double(index * frequency % count) / Double(count)
                expected.real += input.real[index] * cos(angle) - input.imaginary[index] * sin(angle)
                expected.imaginary += input.real[index] * sin(angle) + input.imaginary[index] * cos(angle)
            }
            let position = Self.position(frequency, count: count)
            #expect(abs(real[position] - expected.real) < 1e-12 * Double(count))
            #expect(abs(imaginary[position] - expected.imaginary) < 1e-12 * Double(count))
        }
    }

    @Test(arguments: [1, 2, 32, 1 << 13, 1 << 14, 1 << 17])
    func inverseUndoesForward(_ count: Int) {
        let input = Self.samples(count)
        var (real, imaginary) = input
        let transform = FourierTransform(count: count)
        transform.forward(real: &real, imaginary: &imaginary)
        transform.inverse(real: &real, imaginary: &imaginary)
        let worst = (0..<count).map {
            max(
                abs(real[$0] / Double(count) - input.real[$0]), abs(imaginary[$0] / Double(count) - input.imaginary[$0])
            )
        }.max()
        #expect((worst ?? 1) < 1e-14)
    }

    @Test(arguments: [1, 2, 4, 16, 1024])
    func mirrorIsTheOppositeFrequency(_ count: Int) {
        for frequency in 0..<count {
            let opposite = Self.position((count - frequency) % count, count: count)
            #expect(FourierTransform.mirror(of: Self.position(frequency, count: count)) == opposite)
        }
    }
}
