/// One operation of an ONNX graph (`NodeProto`).
public struct ONNXNode: Hashable, Sendable {
    /// A setting of an operation (`AttributeProto`).
    public enum Attribute: Hashable, Sendable {
        /// One whole number.
        case integer(Int)
        /// Several whole numbers.
        case integers([Int])
        /// One floating point number.
        case float(Float)
        /// Text.
        case text(String)
        /// Something that this project's operations do not have; kept out of written files.
        case other
    }

    /// The operator, such as `Conv`.
    public var operation: String
    /// The values it reads; an empty name leaves an optional one out.
    public var inputs: [String]
    /// The values it makes.
    public var outputs: [String]
    /// Its settings by name.
    public var attributes: [String: Attribute]

    /// Puts a node together.
    public init(
        _ operation: String, inputs: [String], outputs: [String], attributes: [String: Attribute] = [:]
    ) {
        self.operation = operation
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
    }
}
