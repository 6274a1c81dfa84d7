/// The part of a round's work that a client does: it trains the layers from some layer on, for so many steps, and sends
/// an update of so many bytes.
public struct WorkPlan: Hashable, Codable, Sendable {
    /// Name of the device profile, with its radio.
    public var device: String
    /// Position of the first parameter that is trained; those before it stay as they were received and are no part of
    /// the average.
    public var firstParameter: Int
    /// Most optimizer steps of a round, 1 or more.
    public var maximumSteps: Int
    /// Bytes that an update should not exceed, where the link caps a day; a hint to codecs that can aim at a size.
    public var updateByteCount: Int?

    /// Makes the value from its fields.
    public init(device: String, firstParameter: Int, maximumSteps: Int, updateByteCount: Int? = nil) {
        self.device = device
        self.firstParameter = firstParameter
        self.maximumSteps = maximumSteps
        self.updateByteCount = updateByteCount
    }

    /// Whether all numbers are within their ranges; the model's size is not known here.
    var isValid: Bool {
        firstParameter >= 0 && maximumSteps > 0 && (updateByteCount ?? 1) > 0
    }
}
