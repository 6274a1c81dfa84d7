import Board
import IntegerRuntime

/// Runs all models that the rules have kernels for on their golden vectors, and prints what they take.
///
/// - Returns: an exit status: 0, 1 where a byte differs or nothing was checked, 2 where an image is refused.
public func check<Rules: RoundingRules>(_ rules: Rules.Type) -> UInt32 {
    var (vectors, wrong) = (0, 0)
    do throws(ImageError) {
        for index in 0..<board_model_count() {
            let result = try check(board_model(index), rules)
            vectors += result.vectors
            wrong += result.wrong
        }
    } catch {
        print("an image was refused")
        return 2
    }
    return vectors > 0 && wrong == 0 ? 0 : 1
}

/// Gives the number of golden vectors, and of bytes that differ; none of either where the rules lack the kernels.
private func check<Rules: RoundingRules>(
    _ model: BoardModel, _ rules: Rules.Type
) throws(ImageError) -> (vectors: Int, wrong: Int) {
    let image = try ModelImage(UnsafeRawBufferPointer(start: model.image, count: Int(model.imageByteCount)))
    guard Rules.hasWideActivations || !image.hasWideActivations else { return (0, 0) }
    board_print(model.name)
    print("", terminator: ": ")
    let arena = UnsafeMutableRawBufferPointer(start: board_arena(), count: Int(board_arena_byte_count()))
    let interpreter = try Interpreter<Rules>(image, arena: arena)
    let result = run(interpreter, model)
    print(result.vectors, terminator: " vectors, ")
    print(result.wrong, terminator: " bytes differ\n")
    print(image.byteCount, terminator: " bytes of flash, ")
    print(image.arenaByteCount, terminator: " bytes of arena\n")
    measure(interpreter)
    return result
}

private func run<Rules: RoundingRules>(
    _ interpreter: Interpreter<Rules>, _ model: BoardModel
) -> (vectors: Int, wrong: Int) {
    let image = interpreter.image
    let input = UnsafeMutableRawPointer(board_arena() + image.tensor(image.input).arenaOffset)
    let output = board_arena() + image.tensor(image.output).arenaOffset
    let inputCount = image.tensor(image.input).byteCount
    let outputCount = image.tensor(image.output).byteCount
    let step = inputCount + outputCount
    let vectors = Int(model.goldenByteCount) / step
    var wrong = vectors == 0 || Int(model.goldenByteCount) % step != 0 ? 1 : 0
    for vector in 0..<vectors {
        let golden = model.golden + vector * step
        input.copyMemory(from: golden, byteCount: inputCount)
        interpreter.run()
        for index in 0..<outputCount where output[index] != golden[inputCount + index] { wrong += 1 }
    }
    return (vectors, wrong)
}

/// Prints how many instructions each operation takes per multiplication.
private func measure<Rules: RoundingRules>(_ interpreter: Interpreter<Rules>) {
    for index in 0..<interpreter.image.operationCount {
        let begin = board_instructions()
        interpreter.execute(index)
        let instructions = Int(board_instructions() &- begin)
        guard let operation = interpreter.image.operation(index) else { continue }
        let multiplications = interpreter.image.multiplicationCount(of: operation)
        print(kindName(operation.kind), terminator: " ")
        print(instructions, terminator: " instructions")
        if multiplications > 0 {
            let hundredths = instructions / (multiplications / 100 + 1)
            print("", terminator: ", ")
            print(multiplications, terminator: " MACs, ")
            print(hundredths / 100, terminator: hundredths % 100 < 10 ? ".0" : ".")
            print(hundredths % 100, terminator: " per MAC")
        }
        print("")
    }
}

private func kindName(_ kind: OperationKind) -> StaticString {
    switch kind {
    case .convolution: "  convolution"
    case .depthwiseConvolution: "  depthwise"
    case .dense: "  dense"
    case .add: "  add"
    case .maxPool: "  max pool"
    case .averagePool: "  average pool"
    case .reshape: "  reshape"
    case .softmax: "  softmax"
    case .requantize: "  requantize"
    }
}
