/// What a layer with parameters asks of the device that trains it.
public struct LayerWork: Hashable, Sendable {
    /// Name in the parameter layout, without the tensor.
    public var name: String
    /// Position of its first parameter in the flat vector.
    public var firstParameter: Int
    /// Number of its parameters.
    public var parameterCount: Int
    /// Products of one sample on the way forward; the way back takes twice as many.
    public var macs: Int
    /// Values that one sample leaves in memory from the layer's input to that of the next layer with parameters.
    public var activationCount: Int

    /// Makes the value from its fields.
    public init(name: String, firstParameter: Int, parameterCount: Int, macs: Int, activationCount: Int) {
        self.name = name
        self.firstParameter = firstParameter
        self.parameterCount = parameterCount
        self.macs = macs
        self.activationCount = activationCount
    }
}
