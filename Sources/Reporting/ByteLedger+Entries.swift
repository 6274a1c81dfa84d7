extension ByteLedger {
    /// One counter that is not zero: the form in which a ledger is stored.
    public struct Entry: Hashable, Codable, Sendable {
        /// Number in the roster; nil: no client.
        public var client: Int?
        /// What the bytes were for.
        public var kind: WireKind
        /// How many.
        public var byteCount: WireByteCount

        /// Makes the value from its fields.
        public init(client: Int?, kind: WireKind, byteCount: WireByteCount) {
            self.client = client
            self.kind = kind
            self.byteCount = byteCount
        }
    }

    /// Every counter that is not zero, by client (nil first), then by kind.
    public var entries: [Entry] {
        ([nil] + clients).flatMap { client in
            WireKind.allCases.compactMap { kind in
                let byteCount = total(kind, client: client)
                return byteCount == .zero ? nil : Entry(client: client, kind: kind, byteCount: byteCount)
            }
        }
    }
}

extension ByteLedger: Codable {
    /// Reads an array of entries.
    public init(from decoder: any Decoder) throws {
        self.init(entries: try [Entry](from: decoder))
    }

    /// Writes an array of entries.
    public func encode(to encoder: any Encoder) throws { try entries.encode(to: encoder) }
}
