import Federation
import UpdateCodec

extension BufferedRounds {
    init(
        _ value: YAMLValue, cohort: CohortSize, compression: Compression, isPrivate: Bool
    ) throws(ConfigurationError) {
        let mapping = try value.mapping(["size", "maximum_staleness"])
        self.init(
            size: try mapping.required("size").integer(1...1_000_000),
            maximumStaleness: try mapping.read("maximum_staleness", or: 10) { value throws(ConfigurationError) in
                try value.integer(0...1000)
            })
        guard !MaskedCodec.isNamed(by: compression.up) else {
            throw value.failure(
                "is given, but the uplink is masked, whose sums need everybody of one round; remove one")
        }
        guard !isPrivate else {
            throw value.failure("is given, but so is differential privacy, which counts whole cohorts; remove one")
        }
        switch cohort {
        case .all: break
        case .count(let count):
            guard size <= count else {
                throw value.failure("has size \(size), but the cohort is \(count); allowed is the cohort or less")
            }
        case .poisson, .dealt:
            throw value.failure("is given; the cohort is then a count, or all: clients that train at any time")
        }
    }

    var encoded: EncodedMapping { EncodedMapping([("size", size), ("maximum_staleness", maximumStaleness)]) }
}
