/// A number that a report writes as `null` rather than leaving its key out: readers find the same keys in every file.
@propertyWrapper
public struct ExplicitNull: Hashable, Codable, Sendable {
    /// The number, if there is one.
    public var wrappedValue: Double?

    /// Wraps a number.
    public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

    /// Reads a number or null.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Double.self)
    }

    /// Writes a number or null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}
