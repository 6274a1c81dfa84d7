import Foundation

/// A complex transform of a power-of-two length, without the reordering step: `forward` leaves the frequencies in
/// bit-reversed order, and `inverse` takes them so. O(n log n), in place.
package struct FourierTransform: Sendable {
    /// Length; a power of two.
    package let count: Int
    /// e^(−πij/m) at m + j for every half length m and j < m.
    private let cosines: [Double]
    private let sines: [Double]

    /// Blocks up to this length stay in the cache through all their passes.
    private static let cachedCount = 1 << 13

    /// Makes the tables for transforms of `count` elements; a power of two.
    package init(count: Int) {
        precondition(count >= 1 && count.nonzeroBitCount == 1, "the length is a power of two")
        self.count = count
        var cosines = [Double](repeating: 1, count: max(count, 2))
        var sines = [Double](repeating: 0, count: max(count, 2))
        let half = count / 2
        for j in 0..<half {
            let angle = -Double.pi * Double(j) / Double(half)
            cosines[half + j] = cos(angle)
            sines[half + j] = sin(angle)
        }
        for index in stride(from: half - 1, to: 0, by: -1) {
            cosines[index] = cosines[2 * index]
            sines[index] = sines[2 * index]
        }
        self.cosines = cosines
        self.sines = sines
    }

    /// Transforms both parts, of `count` elements each, in place.
    package func forward(real: inout [Double], imaginary: inout [Double]) {
        precondition(real.count == count && imaginary.count == count)
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                forward(real: real, imaginary: imaginary, from: 0, length: count)
            }
        }
    }

    /// Undoes `forward` but for a factor of `count`.
    package func inverse(real: inout [Double], imaginary: inout [Double]) {
        precondition(real.count == count && imaginary.count == count)
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                inverse(real: real, imaginary: imaginary, from: 0, length: count)
            }
        }
    }

    /// Where `forward` puts the frequency opposite to the one at `position`.
    package static func mirror(of position: Int) -> Int {
        if position < 2 { return position }
        let top = 1 << (Int.bitWidth - 1 - position.leadingZeroBitCount)
        return 3 * top - 1 - position
    }

    private typealias Part = UnsafeMutableBufferPointer<Double>

    private func forward(real: Part, imaginary: Part, from start: Int, length: Int) {
        var half = length / 2
        if length > Self.cachedCount {
            forwardPass(real: real, imaginary: imaginary, from: start, half: half)
            forward(real: real, imaginary: imaginary, from: start, length: half)
            forward(real: real, imaginary: imaginary, from: start + half, length: half)
            return
        }
        while half >= 1 {
            for block in stride(from: start, to: start + length, by: 2 * half) {
                forwardPass(real: real, imaginary: imaginary, from: block, half: half)
            }
            half /= 2
        }
    }

    private func inverse(real: Part, imaginary: Part, from start: Int, length: Int) {
        if length > Self.cachedCount {
            inverse(real: real, imaginary: imaginary, from: start, length: length / 2)
            inverse(real: real, imaginary: imaginary, from: start + length / 2, length: length / 2)
            inversePass(real: real, imaginary: imaginary, from: start, half: length / 2)
            return
        }
        var half = 1
        while half < length {
            for block in stride(from: start, to: start + length, by: 2 * half) {
                inversePass(real: real, imaginary: imaginary, from: block, half: half)
            }
            half *= 2
        }
    }

    private func forwardPass(real: Part, imaginary: Part, from start: Int, half: Int) {
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                for j in 0..<half {
                    let (low, high) = (start + j, start + j + half)
                    let x = real[low] - real[high]
                    let y = imaginary[low] - imaginary[high]
                    real[low] += real[high]
                    imaginary[low] += imaginary[high]
                    let (c, s) = (cosines[half + j], sines[half + j])
                    real[high] = x * c - y * s
                    imaginary[high] = x * s + y * c
                }
            }
        }
    }

    private func inversePass(real: Part, imaginary: Part, from start: Int, half: Int) {
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                for j in 0..<half {
                    let (low, high) = (start + j, start + j + half)
                    let (c, s) = (cosines[half + j], sines[half + j])
                    let x = real[high] * c + imaginary[high] * s
                    let y = imaginary[high] * c - real[high] * s
                    real[high] = real[low] - x
                    imaginary[high] = imaginary[low] - y
                    real[low] += x
                    imaginary[low] += y
                }
            }
        }
    }
}
