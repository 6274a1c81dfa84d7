import Messages

/// Identifiers and hashes are hexadecimal text in JSON.
extension FixedSizeBytes where Self: Codable {
    /// Reads hexadecimal text of exactly `byteCount` bytes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(hex: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected \(2 * Self.byteCount) hexadecimal digits")
        }
        self = value
    }

    /// Writes hexadecimal text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

extension FederationID: Codable {}
extension Digest: Codable {}

/// Counts by outcome are an object in JSON, with the outcome's name as key.
extension UpdateOutcome: CodingKeyRepresentable {}
