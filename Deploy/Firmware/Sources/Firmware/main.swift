import Board
import IntegerRuntime

/// Runs a model on its golden vectors; gives the number of output integers that differ.
func check(_ model: BoardModel, _ interpreter: Interpreter<TFLMRules>) -> Int {
    let (inputCount, outputCount) = (interpreter.input.count, interpreter.output.count)
    let step = inputCount + outputCount
    let vectors = Int(model.goldenByteCount) / step
    var wrong = vectors == 0 ? 1 : 0
    for vector in 0..<vectors {
        let golden = model.golden + vector * step
        let input = interpreter.input
        for index in 0..<inputCount { input[index] = Int8(bitPattern: golden[index]) }
        interpreter.run()
        let output = interpreter.output
        for index in 0..<outputCount where output[index] != Int8(bitPattern: golden[inputCount + index]) { wrong += 1 }
    }
    print(vectors, terminator: " vectors, ")
    print(wrong, terminator: " integers differ\n")
    return wrong
}

/// Prints how many instructions each operation takes per multiplication.
func measure(_ interpreter: Interpreter<TFLMRules>) {
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

func kindName(_ kind: OperationKind) -> StaticString {
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

func runAll() throws(ImageError) -> Int {
    var wrong = 0
    for index in 0..<board_model_count() {
        let model = board_model(index)
        board_print(model.name)
        print("", terminator: ": ")
        let image = try ModelImage(UnsafeRawBufferPointer(start: model.image, count: Int(model.imageByteCount)))
        let arena = UnsafeMutableRawBufferPointer(start: board_arena(), count: Int(board_arena_byte_count()))
        let interpreter = try Interpreter<TFLMRules>(image, arena: arena)
        wrong += check(model, interpreter)
        print(image.byteCount, terminator: " bytes of flash, ")
        print(image.arenaByteCount, terminator: " bytes of arena\n")
        measure(interpreter)
    }
    return wrong
}

do throws(ImageError) {
    board_exit(try runAll() == 0 ? 0 : 1)
} catch {
    print("an image was refused")
    board_exit(2)
}
