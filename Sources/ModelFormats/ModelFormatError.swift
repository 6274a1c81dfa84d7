import IntegerRuntime

/// Why a model file could not be read or written.
public enum ModelFormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes at `offset`, counted from the file's start, are not what the format demands.
    case malformed(offset: Int, cause: String)
    /// What a tensor declares contradicts itself, its data or another tensor.
    case invalidTensor(name: String, cause: String)
    /// A declared size is beyond what is accepted; nothing was allocated for it.
    case tooLarge(what: String, count: Int, limit: Int)
    /// A file lacks a tensor that the model has.
    case missingTensor(name: String, cause: String)
    /// The format, or this project's part of it, cannot express something.
    case unsupported(String)
    /// A bundle is not what its manifest says, or the manifest is not what its signer signed.
    case invalidBundle(String)
    /// A model image that the integer runtime refuses.
    case invalidImage(ImageError)

    /// What is wrong.
    public var description: String {
        switch self {
        case .malformed(let offset, let cause): "byte \(offset): \(cause)"
        case .invalidTensor(let name, let cause): "tensor '\(name)': \(cause)"
        case .invalidImage(let error): "model image: \(error)"
        case .tooLarge(let what, let count, let limit): "\(what): \(count) is more than the limit of \(limit)"
        case .missingTensor(let name, let cause): "there is no tensor '\(name)': \(cause)"
        case .unsupported(let what): what
        case .invalidBundle(let cause): "bundle: \(cause)"
        }
    }
}
