/// What both sides of an update expect it to be like, from updates before it.
public struct UpdatePrediction: Hashable, Sendable {
    /// One value per parameter.
    public var values: [Float]
    /// Tells predictions apart: an update says which one it was made with.
    public var tag: UInt32

    /// Makes the value from its fields.
    public init(values: [Float], tag: UInt32) {
        self.values = values
        self.tag = tag
    }
}
