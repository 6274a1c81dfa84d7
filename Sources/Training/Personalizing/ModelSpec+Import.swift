import Tensors

/// A tensor of a file that somebody else trained, safetensors for example.
public struct NamedTensor: Hashable, Sendable {
    /// Name in the file.
    public let name: String
    /// Sizes, outermost first; empty for a single number.
    public let shape: [Int]
    /// Row-major.
    public let values: [Float]

    /// Describes a tensor; checked where it is used.
    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

/// How tensors of a file find their places in a model.
public enum TensorMatching: Hashable, Sendable {
    /// By the names of the model's layout.
    case names
    /// Through a table from the model's names to the file's.
    case table([String: String])
    /// The file's tensors one after the other, as PyTorch and this project's models order them: weight before bias; scale,
    /// shift, mean, variance of a batch norm. Single numbers, which PyTorch counts batches with, are left out.
    case order
}

/// Parameters that were taken from a file.
public struct ImportedParameters: Hashable, Sendable {
    /// The flat vector.
    public let parameters: [Float]
    /// Tensors of the model that the file did not fill.
    public let fresh: [String]
    /// Tensors of the file that the model has no place for.
    public let unused: [String]
}

extension ModelSpec {
    /// Parameters from a file's tensors: what a federation begins with instead of a random model.
    ///
    /// - Parameters:
    ///   - matching: how places are found.
    ///   - freshLayer: a layer by path that may be missing or shaped otherwise and starts at random, such as the classifier
    ///     of another set of classes.
    ///   - seed: for what starts at random.
    /// - Throws: as `layout()`; `.invalidCompaction` naming the tensor that is missing, doubled, of another shape or not
    ///   finite, and what there is instead.
    public func importing(
        _ tensors: [NamedTensor], matching: TensorMatching = .names, freshLayer: String? = nil, seed: Seed = Seed(0)
    ) throws(TrainingError) -> ImportedParameters {
        let layout = try layout()
        var parameters = try initialParameters(seed: seed)
        let usable = try Self.checked(tensors, matching)
        let byName = Dictionary(usable.map { ($0.name, $0) }) { first, _ in first }
        var fresh: [String] = []
        var used: Set<String> = []
        for (index, entry) in layout.entries.enumerated() {
            let isOptional = freshLayer.map { entry.name.hasPrefix("\($0)/") } ?? false
            let found: NamedTensor? =
                switch matching {
                case .names: byName[entry.name]
                case .table(let table): byName[table[entry.name] ?? entry.name]
                case .order: usable.indices.contains(index) ? usable[index] : nil
                }
            guard let found, found.shape == entry.shape else {
                guard isOptional else { throw Self.misfit(entry, found, usable) }
                fresh.append(entry.name)
                if let found, matching == .order { used.insert(found.name) }
                continue
            }
            guard found.values.allSatisfy(\.isFinite) else { throw .nonFiniteParameter(name: found.name) }
            parameters.replaceSubrange(entry.range, with: found.values)
            used.insert(found.name)
        }
        return ImportedParameters(
            parameters: parameters, fresh: fresh, unused: tensors.map(\.name).filter { !used.contains($0) })
    }

    private static func checked(
        _ tensors: [NamedTensor], _ matching: TensorMatching
    ) throws(TrainingError) -> [NamedTensor] {
        var names: Set<String> = []
        for tensor in tensors {
            guard names.insert(tensor.name).inserted else {
                throw .invalidCompaction("the file has tensor '\(tensor.name)' twice")
            }
            let count = tensor.shape.reduce(1.0) { $0 * Double($1) }
            guard count == Double(tensor.values.count) else {
                throw .invalidCompaction(
                    "tensor '\(tensor.name)' of shape \(tensor.shape) has \(tensor.values.count) values")
            }
        }
        return matching == .order ? tensors.filter { !$0.shape.isEmpty } : tensors
    }

    private static func misfit(
        _ entry: ParameterEntry, _ found: NamedTensor?, _ tensors: [NamedTensor]
    ) -> TrainingError {
        if let found {
            return .invalidCompaction(
                "the model's '\(entry.name)' has shape \(entry.shape), the file's '\(found.name)' \(found.shape)")
        }
        let alike = tensors.filter { $0.shape == entry.shape }.map(\.name).prefix(5).joined(separator: ", ")
        return .invalidCompaction(
            "the file has no tensor for '\(entry.name)' of shape \(entry.shape); of that shape it has: "
                + (alike.isEmpty ? "none" : alike))
    }
}
