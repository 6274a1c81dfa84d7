import IntegerRuntime
import Quantization

/// What a `.tflite` file says, apart from how FlatBuffers write it down (TensorFlow Lite schema, version 3).
struct TFLiteGraph {
    /// Codes of the schema's `TensorType`.
    enum ElementType: Int8 {
        case float32 = 0
        case int32 = 2
        case int16 = 7
        case int8 = 9
        case int64 = 4
        case int4 = 17
    }

    struct Tensor {
        var shape: [Int32]
        var type: ElementType
        var data: [UInt8] = []
        var scales: [Float] = []
        var zeroPoints: [Int64] = []
        var quantizedDimension: Int32 = 0
    }

    struct Operator {
        let code: TFLiteOperator
        let inputs: [Int32]
        let output: Int32
        let options: [(slot: Int, value: FlatBufferBuilder.Field)]
    }

    var tensors: [Tensor] = []
    var operators: [Operator] = []
    var input: Int32 = 0
    var output: Int32 = 0
}

/// Operators of the schema: code, the version that knows all that is written, and the code of their options.
enum TFLiteOperator: Int32 {
    case add = 0
    case averagePool = 1
    case convolution = 3
    case depthwiseConvolution = 4
    case fullyConnected = 9
    case maxPool = 17
    case reshape = 22
    case softmax = 25
    case quantize = 114

    /// The schema version of the operator: float, with activations of 8 bits, or with some of 16.
    func version(isFloat: Bool, isWide: Bool) -> Int32 {
        if isFloat { return 1 }
        return switch self {
        case .convolution: isWide ? 4 : 3
        case .depthwiseConvolution: isWide ? 5 : 3
        case .fullyConnected: 12
        case .add, .averagePool, .maxPool: isWide ? 3 : 2
        case .softmax, .quantize: 2
        case .reshape: 1
        }
    }

    /// Code in the schema's union of options; 0 where there are none.
    var optionsType: Int8 {
        switch self {
        case .convolution: 1
        case .depthwiseConvolution: 2
        case .averagePool, .maxPool: 5
        case .fullyConnected: 8
        case .softmax: 9
        case .add: 11
        case .reshape: 17
        case .quantize: 0
        }
    }
}
