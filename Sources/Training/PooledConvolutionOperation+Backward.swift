import Tensors

extension PooledConvolutionOperation {
    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        activation.mask(outputGradient, output, count: pass.batch * outputCount)
        if let bias {
            Rows.sum(
                outputGradient, count: pass.batch * pool.count, columns: bank.out, into: pass.gradients + bias)
        }
        let source = geometry.isPadded ? UnsafePointer(padded.pointer) : input
        rowGradients.pointer.update(repeating: 0, count: rowGradients.count)
        for first in stride(from: 0, to: pass.batch, by: listChunk) {
            addWeightGradient(
                source + first * geometry.paddedCount, outputGradient + first * outputCount,
                winners.pointer + first * outputCount, samples: min(listChunk, pass.batch - first))
        }
        bank.weight(fromRows: rowGradients.pointer, into: pass.gradients + weight)
        guard let inputGradient else { return }
        bank.rows(of: pass.parameters + weight, into: rows.pointer)
        for sample in 0..<pass.batch {
            propagate(
                outputGradient + sample * outputCount, winners.pointer + sample * outputCount,
                to: inputGradient + sample * geometry.inputCount)
        }
    }

    /// First element of the window that slot 0 of a pool stands for, in a padded sample.
    @inline(__always)
    private func corner(row: Int, column: Int) -> Int {
        let down = row &* pool.poolHeight &* geometry.stride &* geometry.rowStride
        return down &+ column &* pool.poolWidth &* geometry.stride &* geometry.channels
    }

    /// From slot 0 to another slot of the same pool.
    @inline(__always)
    private func slotOffset(_ slot: Int) -> Int {
        let (y, x) = slot.quotientAndRemainder(dividingBy: pool.poolWidth)
        return (y &* geometry.rowStride &+ x &* geometry.channels) &* geometry.stride
    }

    /// Each filter gathers the windows that it won, weighted by their gradients.
    private func addWeightGradient(
        _ source: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, _ winners: UnsafePointer<Int32>, samples: Int
    ) {
        lists.removeAll()
        withUnsafeTemporaryAllocation(of: Int.self, capacity: pool.slots) { slotOffsets in
            for slot in 0..<pool.slots { slotOffsets[slot] = slotOffset(slot) }
            var index = 0
            for sample in 0..<samples {
                for row in 0..<pool.poolRows {
                    for column in 0..<pool.poolColumns {
                        let base = sample &* geometry.paddedCount &+ corner(row: row, column: column)
                        for o in 0..<bank.out {
                            lists.append(base &+ slotOffsets[Int(winners[index])], gradient[index], to: o)
                            index &+= 1
                        }
                    }
                }
            }
        }
        for o in 0..<bank.out {
            let list = lists[o]
            for y in 0..<geometry.kernelHeight {
                GatheredSum.add(
                    list, of: source + y * geometry.rowStride, width: bank.paddedSegment,
                    to: rowGradients.pointer + o * bank.rowCount + y * bank.paddedSegment)
            }
        }
    }

    /// Each window that a pool chose gathers the filters that chose it, weighted by their gradients.
    private func propagate(
        _ gradient: UnsafePointer<Float>, _ winners: UnsafePointer<Int32>, to inputGradient: UnsafeMutablePointer<Float>
    ) {
        let target = geometry.isPadded ? paddedGradient.pointer : inputGradient
        target.update(repeating: 0, count: geometry.paddedCount)
        var index = 0
        for row in 0..<pool.poolRows {
            for column in 0..<pool.poolColumns {
                lists.removeAll()
                for o in 0..<bank.out {
                    lists.append(o &* bank.rowCount, gradient[index], to: Int(winners[index]))
                    index &+= 1
                }
                let base = target + corner(row: row, column: column)
                for slot in 0..<pool.slots where lists[slot].count > 0 {
                    let list = lists[slot]
                    let window = base + slotOffset(slot)
                    for y in 0..<geometry.kernelHeight {
                        GatheredSum.add(
                            list, of: rows.pointer + y * bank.paddedSegment, width: bank.paddedSegment,
                            to: window + y * geometry.rowStride)
                    }
                }
            }
        }
        if geometry.isPadded { geometry.crop(paddedGradient.pointer, samples: 1, into: inputGradient) }
    }
}
