extension Interpreter {
    /// Sum of two tensors of one shape.
    func add(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor) {
        let second = image.tensor(operation.secondInput)
        let parameters = AddParameters(
            words: operation.words, zeroPoints: (input.zeroPoint, second.zeroPoint, output.zeroPoint))
        let (left, right) = (arena + input.arenaOffset, arena + second.arenaOffset)
        let target = arena + output.arenaOffset
        for index in 0..<output.count {
            target[index] = clamped(Rules.add(Int32(left[index]), Int32(right[index]), parameters), operation)
        }
    }

    /// Largest or mean of each window; windows lie inside the input.
    func pool(_ operation: ImageOperation, _ input: ImageTensor, _ output: ImageTensor, averaging: Bool) {
        let source = UnsafePointer(arena + input.arenaOffset)
        var target = arena + output.arenaOffset
        let taps = Int32(truncatingIfNeeded: operation.kernelHeight &* operation.kernelWidth)
        for y in 0..<output.height {
            for x in 0..<output.width {
                let corner = y &* operation.strideHeight &* input.width &+ x &* operation.strideWidth
                for channel in 0..<output.channels {
                    let first = source + (corner &* input.channels &+ channel)
                    var sum: Int32 = 0
                    var largest: Int32 = -128
                    for ky in 0..<operation.kernelHeight {
                        var value = first + (ky &* input.width &* input.channels)
                        for _ in 0..<operation.kernelWidth {
                            let element = Int32(value[0])
                            sum &+= element
                            largest = element > largest ? element : largest
                            value += input.channels
                        }
                    }
                    let mean = (sum > 0 ? sum &+ taps / 2 : sum &- taps / 2) / taps
                    target[channel] = clamped(averaging ? mean : largest, operation)
                }
                target += output.channels
            }
        }
    }
}
