/// How clients are connected: `links` of a scenario, one mapping for all of them or a list with shares.
///
/// Bytes are measured; the time that they take on such links is computed from them.
public struct LinkPlan: Hashable, Sendable {
    /// A kind of link and how many clients have it.
    public struct Kind: Hashable, Sendable {
        /// `share` of the clients, above 0 up to 1; the shares of a list add up to 1. 1 by default.
        public var share: Double
        /// `up_kbit`: thousands of bits per second from the client to the coordinator, above 0; required.
        public var upKilobitsPerSecond: Double
        /// `down_kbit`: thousands of bits per second from the coordinator to the client, above 0; required.
        public var downKilobitsPerSecond: Double
        /// `latency_ms` of a packet one way, 0 to 60,000; 0 by default.
        public var latencyMilliseconds: Double
        /// `loss`: chance that a packet is lost, 0 to 0.5; 0 by default.
        public var loss: Double

        /// Makes the value from its fields.
        public init(
            share: Double = 1, upKilobitsPerSecond: Double, downKilobitsPerSecond: Double,
            latencyMilliseconds: Double = 0, loss: Double = 0
        ) {
            self.share = share
            self.upKilobitsPerSecond = upKilobitsPerSecond
            self.downKilobitsPerSecond = downKilobitsPerSecond
            self.latencyMilliseconds = latencyMilliseconds
            self.loss = loss
        }
    }

    /// The kinds, in the order of the file.
    public var kinds: [Kind]

    /// Makes the value from its kinds, one or more.
    public init(kinds: [Kind]) { self.kinds = kinds }
}

extension LinkPlan {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        guard value.isList else {
            self.init(kinds: [try Kind(value)])
            return
        }
        let values = try value.list()
        guard (1...64).contains(values.count) else {
            throw value.failure("has \(values.count) links; allowed are 1 to 64")
        }
        var kinds: [Kind] = []
        for value in values { kinds.append(try Kind(value)) }
        let sum = kinds.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) < 1e-6 else { throw value.failure("has shares that add up to \(sum), not to 1") }
        self.init(kinds: kinds)
    }

    var encoded: [EncodedMapping] { kinds.map(\.encoded) }
}

extension LinkPlan.Kind {
    private static let keys = ["share", "up_kbit", "down_kbit", "latency_ms", "loss"]

    init(_ value: YAMLValue) throws(ConfigurationError) {
        let mapping = try value.mapping(Self.keys)
        self.init(
            share: try mapping.read("share", or: 1) { value throws(ConfigurationError) in
                try value.number(above: 0, upTo: 1)
            },
            upKilobitsPerSecond: try mapping.required("up_kbit").number(above: 0, upTo: 1e9),
            downKilobitsPerSecond: try mapping.required("down_kbit").number(above: 0, upTo: 1e9),
            latencyMilliseconds: try mapping.read("latency_ms", or: 0) { value throws(ConfigurationError) in
                try value.number(from: 0, upTo: 60_000)
            },
            loss: try mapping.read("loss", or: 0) { value throws(ConfigurationError) in
                try value.number(from: 0, upTo: 0.5)
            })
    }

    var encoded: EncodedMapping {
        EncodedMapping([
            ("share", share), ("up_kbit", upKilobitsPerSecond), ("down_kbit", downKilobitsPerSecond),
            ("latency_ms", latencyMilliseconds), ("loss", loss),
        ])
    }
}
