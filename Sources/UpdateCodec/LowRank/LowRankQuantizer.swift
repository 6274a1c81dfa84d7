import Foundation

/// Quantizes the factors of a matrix's subspace with one step for everything, which is the optimum of reverse
/// water-filling (Cover, Thomas, "Elements of Information Theory", section 10.3.3): a direction is sent while its energy
/// pays for its bits.
struct LowRankQuantizer {
    let matrix: DenseMatrix
    let subspace: Subspace
    /// Sum of squares of the matrix.
    let energy: Double

    /// A quantized product with what it costs and what it leaves behind.
    struct Result {
        var code: LowRankCode
        var bits: Double
        var error: Double
    }

    /// The longer factor is rounded first; the shorter one is then solved for by least squares and makes up for it.
    private var solvesLeft: Bool { matrix.rows < matrix.columns }

    /// Part of a direction's energy that quantizing and the neighbouring directions let it gain.
    private static let gainShare = 0.4
    /// How far the dead zone widens, in steps, for each bit that leaving it costs.
    private static let stepsPerBit: Float = 0.07
    private static let deadZones: (least: Float, largest: Float) = (0.5, 1.2)

    /// Large tensors go without: looking at every place takes longer than it is worth.
    private func profile(length: Int) -> ActivityProfile? {
        matrix.count <= TensorAnalysis.countingLimit ? ActivityProfile(length: length) : nil
    }

    /// - Parameters:
    ///   - step: quantization step in the units of the matrix.
    ///   - price: error energy that one bit is worth.
    ///   - rank: components to use, or nil to let the price decide.
    ///   - isFinal: solve against the matrix itself instead of its subspace; slower and a little better.
    func quantize(step: Float, price: Double, rank: Int? = nil, isFinal: Bool) -> Result {
        var code = LowRankCode(rows: matrix.rows, columns: matrix.columns)
        let first = solvesLeft ? subspace.right : subspace.left
        let length = first.columns
        let otherCount = matrix.rows + matrix.columns - length
        var integers: [Int32] = []
        integers.reserveCapacity(min(rank ?? first.rows, first.rows) * length)
        var profile = profile(length: length)
        var bits = 8.0
        for component in 0..<min(rank ?? .max, subspace.energies.count) {
            let energy = subspace.energies[component]
            guard rank != nil || energy > Double(step * step) else { break }
            let sigma = Float(energy.squareRoot())
            let start = integers.count
            let (nonzero, sum) = Self.round(
                first.elements + component * length, count: length, scale: (solvesLeft ? 1 : sigma) / step,
                profile: profile, into: &integers)
            let spent = Self.estimate(count: length, nonzero: nonzero, sum: sum)
            let whole = 5 + spent * (1 + Double(otherCount) / Double(length))
            let pays = nonzero > 0 && energy * Self.gainShare > whole * price
            guard pays || (rank != nil && nonzero > 0) else {
                integers.removeSubrange(start...)
                break
            }
            bits += 5 + spent
            profile?.add(integers[start...])
            let scale = max(0, Int((4 * log2(sigma / step)).rounded()))
            code.scales.append(min(code.scales.last ?? LowRankCode.largestScale, scale))
        }
        guard code.rank > 0 else { return Result(code: code, bits: 1, error: energy) }
        if solvesLeft { code.right = integers } else { code.left = integers }
        return solve(code, step: step, bits: bits, isFinal: isFinal)
    }

    /// The other factor by least squares, given the quantized one, and quantized in turn.
    private func solve(_ code: LowRankCode, step: Float, bits: Double, isFinal: Bool) -> Result {
        var code = code
        let rank = code.rank
        // The left factor carries the step, and the right one the scales; the held one is as the decoder has it.
        let held = solvesLeft ? code.rightFactor() : code.leftFactor(step: step)
        let gram = Orthonormal.gram(ofRows: held)
        var ridged = gram
        // Rare columns can round to nearly the same integers; the ridge keeps their solution small.
        for index in 0..<rank { ridged[index * rank + index] *= 1.001 }
        let inverse = Orthonormal.inverse(ridged, size: rank)
        let projected = DenseMatrix(rows: rank, columns: solvesLeft ? matrix.rows : matrix.columns)
        if isFinal {
            projected.product(held, matrix, rightTransposed: solvesLeft)
        } else {
            let inner = solvesLeft ? subspace.right : subspace.left
            let outer = solvesLeft ? subspace.left : subspace.right
            let coordinates = DenseMatrix(rows: rank, columns: inner.rows)
            coordinates.product(held, inner, rightTransposed: true)
            projected.product(coordinates, outer)
        }
        let solver = DenseMatrix(rows: rank, columns: rank)
        for index in 0..<solver.count { solver.elements[index] = Float(inverse[index]) }
        let solution = DenseMatrix(rows: rank, columns: projected.columns)
        solution.product(solver, projected)
        var integers: [Int32] = []
        integers.reserveCapacity(solution.count)
        var bits = bits
        var profile = profile(length: solution.columns)
        for component in 0..<rank {
            let start = integers.count
            let unit = solvesLeft ? step : 1 / LowRankCode.scale(code.scales[component])
            let (nonzero, sum) = Self.round(
                solution.elements + component * solution.columns, count: solution.columns, scale: 1 / unit,
                profile: profile, into: &integers)
            profile?.add(integers[start...])
            bits += Self.estimate(count: solution.columns, nonzero: nonzero, sum: sum)
        }
        if solvesLeft { code.left = integers } else { code.right = integers }
        let found = solvesLeft ? code.leftFactor(step: step) : code.rightFactor()
        return Result(code: code, bits: bits, error: error(found, projected: projected, gram: gram))
    }

    /// ‖X − FᵀH‖² = ‖X‖² − 2⟨F, HXᵀ⟩ + ⟨FFᵀ, HHᵀ⟩, without forming the product.
    private func error(_ found: DenseMatrix, projected: DenseMatrix, gram: [Double]) -> Double {
        var cross = 0.0
        for index in 0..<found.count { cross += Double(found.elements[index]) * Double(projected.elements[index]) }
        let own = Orthonormal.gram(ofRows: found)
        var square = 0.0
        for index in gram.indices { square += own[index] * gram[index] }
        return max(0, energy - 2 * cross + square)
    }

    /// Rounds a vector with a dead zone that is the wider the rarer its values leave it: sending a lone ±1 costs more
    /// bits than it saves error (rate–distortion optimized thresholds, Sullivan 1996, doi:10.1109/18.532878).
    ///
    /// - Returns: values that are not 0, and the sum of all magnitudes.
    static func round(
        _ values: UnsafePointer<Float>, count: Int, scale: Float, profile: ActivityProfile?,
        into integers: inout [Int32]
    ) -> (nonzero: Int, sum: Int) {
        var outside = 0
        for index in 0..<count { outside &+= abs(values[index] * scale) > 0.55 ? 1 : 0 }
        let share = (Float(outside) + 0.5) / (Float(count) + 1)
        let threshold = max(0.52, min(deadZones.largest, 0.5 + stepsPerBit * log2((1 - share) * 2 / share)))
        let start = integers.count
        integers.append(contentsOf: repeatElement(0, count: count))
        var nonzero = 0
        var sum = 0
        integers.withUnsafeMutableBufferPointer { all in
            let output = UnsafeMutableBufferPointer(rebasing: all[start...])
            if let profile {
                for index in 0..<count {
                    let here = threshold + stepsPerBit * profile.rarity(at: index)
                    let bounded = max(deadZones.least, min(deadZones.largest, here))
                    output[index] = nearest(values[index] * scale, bounded)
                }
            } else {
                for index in 0..<count { output[index] = nearest(values[index] * scale, threshold) }
            }
            for q in output {
                nonzero &+= q != 0 ? 1 : 0
                sum &+= Int(q < 0 ? 0 &- q : q)
            }
        }
        return (nonzero, sum)
    }

    @inline(__always)
    static func nearest(_ value: Float, _ threshold: Float) -> Int32 {
        // Adding 2^23 leaves the nearest integer in the lowest bits, without a conversion that could trap, so that the
        // compiler can work on several values at once.
        let limit = Float(CoefficientModel.largestMagnitude)
        let bits = value.bitPattern
        let shifted = Float(bitPattern: bits & 0x7fff_ffff) + (0.5 - threshold)
        let positive = shifted > 0 ? shifted : 0
        let bounded = positive < limit ? positive : limit
        let magnitude = Int32(bitPattern: (bounded + 0x1p23).bitPattern) &- 0x4b00_0000
        let sign = Int32(bitPattern: bits) >> 31
        return (magnitude ^ sign) &- sign
    }

    /// Bits of integers under a zero-inflated geometric distribution with a free sign.
    static func estimate(count: Int, nonzero: Int, sum: Int) -> Double {
        guard nonzero > 0 else { return 0 }
        func entropy(_ ones: Double, _ all: Double) -> Double {
            let p = ones / all
            if p <= 0 || p >= 1 { return 0 }
            return -all * (p * log2(p) + (1 - p) * log2(1 - p))
        }
        return entropy(Double(nonzero), Double(count)) + Double(nonzero) + entropy(Double(nonzero), Double(sum))
    }
}
