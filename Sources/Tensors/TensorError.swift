/// What can be wrong with the shape of data.
public enum TensorError: Error, Hashable, Sendable {
    /// A shape is empty, has a size below 1, or is larger than `ParameterLayout.maximumCount`.
    case invalidShape([Int])
    /// Two tensors of one layout carry the same name.
    case duplicateName(String)
    /// A vector does not have as many elements as its layout says.
    case countMismatch(expected: Int, actual: Int)
}
