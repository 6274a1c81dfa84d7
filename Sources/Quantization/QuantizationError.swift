/// What can be wrong with values that are to be quantized, or with a quantized tensor from outside.
public enum QuantizationError: Error, Hashable, Sendable {
    /// A value is NaN or infinite; nothing sensible can be quantized from it. `index` is its position.
    case notFinite(index: Int)
    /// There are not as many elements as the layout or the shape asks for.
    case countMismatch(expected: Int, actual: Int)
    /// The previous lattice belongs to a model of another layout.
    case layoutMismatch
    /// A magnitude is larger than the coarsest scale of `ScaleGrid` covers. `row` is the row of the lattice.
    case magnitudeOutOfRange(row: Int)
    /// A lattice value lies outside the range of its tensor: ±127 for weights, ±32767 for vectors.
    case valueOutOfRange(index: Int)
    /// A quantizer does not exist in this width; symmetric ones have 2–8 bits, asymmetric ones 1–8.
    case unsupportedWidth(Int)
    /// The rows do not divide the elements evenly.
    case unevenRows(count: Int, rows: Int)
    /// A fixed-point format must have 2–32 bits with its sign, neither part negative.
    case unsupportedFixedPoint(integerBits: Int, fractionBits: Int)
    /// A codebook has 2–256 centroids.
    case unsupportedCentroidCount(Int)
    /// The exact search for a codebook would need too large a table; take `nearlyOptimal` or `lloyd`.
    case codebookTooLarge(distinctValues: Int, centroids: Int)
    /// A quantizer is named for a layer that the model does not have.
    case unknownLayer(String)
    /// Bytes that are no histogram of activations; the text says why.
    case malformedHistogram(String)
    /// A network whose nodes, shapes or numbers do not fit together; the text names the node and the cause.
    case invalidNetwork(String)
}
