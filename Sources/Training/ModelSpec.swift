import Foundation
import Tensors

/// A model as data: the shape of one sample, the number of classes and the layers in between.
public struct ModelSpec: Hashable, Codable, Sendable {
    /// Largest number of elements between two layers, per sample (2^24).
    public static let maximumActivationCount = 1 << 24
    /// Largest number of layers, those inside residual blocks included.
    public static let maximumLayerCount = 1024

    /// Name for reports; a built-in name or the user's own.
    public var name: String
    /// Shape of one sample: `[C, H, W]`, `[C, T]` or `[N]`.
    public var inputShape: [Int]
    /// Number of classes; the last layer's output is `[classCount]`.
    public var classCount: Int
    /// The layers in order.
    public var layers: [LayerSpec]

    /// Describes a model; nothing is checked until `layout()`.
    public init(name: String, inputShape: [Int], classCount: Int, layers: [LayerSpec]) {
        self.name = name
        self.inputShape = inputShape
        self.classCount = classCount
        self.layers = layers
    }

    /// Reads all four keys and no others.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        try container.allowOnly(["classCount", "inputShape", "layers", "name"], in: "model")
        name = try container.required("name", String.self, in: "model")
        inputShape = try container.required("inputShape", [Int].self, in: "model")
        classCount = try container.required("classCount", Int.self, in: "model")
        layers = try container.required("layers", [LayerSpec].self, in: "model")
    }

    /// JSON with sorted keys and defaults left out: equal models have equal bytes, so its hash identifies the model.
    public func canonicalJSON() throws(TrainingError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(self))
        } catch {
            throw .invalidModel("cannot be written as JSON: \(error)")
        }
    }

    /// Names, shapes and order of all parameters.
    ///
    /// - Throws: `TrainingError.invalidLayer` where a layer does not fit its input, `.invalidModel` where the whole does
    ///   not fit: no layers, too large, or an output other than `[classCount]`.
    public func layout() throws(TrainingError) -> ParameterLayout {
        try Self.layout(of: resolved())
    }

    static func layout(of layers: [ResolvedLayer]) throws(TrainingError) -> ParameterLayout {
        do {
            return try ParameterLayout(
                layers.flatMap(\.allTensors).map { (name: $0.name, shape: $0.shape, kind: $0.kind) })
        } catch {
            throw .invalidModel("has too many parameters, or a tensor of an impossible shape: \(error)")
        }
    }

    /// The layers with their shapes and tensors.
    ///
    /// - Throws: as `layout()`.
    public func resolved() throws(TrainingError) -> [ResolvedLayer] {
        guard (1...3).contains(inputShape.count), inputShape.allSatisfy({ $0 > 0 && $0 <= Self.maximumActivationCount })
        else { throw .invalidModel("input shape \(inputShape) is not of the form [C, H, W], [C, T] or [N]") }
        guard inputShape.reduce(1.0, { $0 * Double($1) }) <= Double(Self.maximumActivationCount) else {
            throw .invalidModel("input shape \(inputShape) has more than \(Self.maximumActivationCount) elements")
        }
        guard classCount > 1 else { throw .invalidModel("class count \(classCount) is below 2") }
        guard !layers.isEmpty else { throw .invalidModel("has no layers") }
        var remaining = Self.maximumLayerCount
        let resolved = try LayerResolution.resolve(layers, input: inputShape, prefix: "", remaining: &remaining)
        let output = resolved.last?.outputShape ?? inputShape
        guard output == [classCount] else {
            throw .invalidModel("the last layer yields shape \(output), but \(classCount) classes need [\(classCount)]")
        }
        return resolved
    }
}
