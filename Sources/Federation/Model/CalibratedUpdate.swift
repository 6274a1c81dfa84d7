import Quantization

/// An update together with the activations of its client's samples: what is sealed in rounds that calibrate
/// (`Docs/update-format.md`, section 14).
package struct CalibratedUpdate: Hashable, Sendable {
    /// Most bytes of one histogram.
    static let maximumHistogramByteCount = 512
    /// Bytes that activations add to an update at most.
    static let maximumByteCount = 1 + 255 * (2 + maximumHistogramByteCount)

    /// The encoded update.
    package let update: [UInt8]
    /// One histogram per quantization point of the model.
    package let activations: [ActivationHistogram]

    /// - Precondition: at most 255 histograms.
    package init(update: [UInt8], activations: [ActivationHistogram]) {
        precondition(activations.count <= 255, "a model has at most 255 quantization points")
        self.update = update
        self.activations = activations
    }

    /// The bytes that are sealed.
    package var bytes: [UInt8] {
        var bytes = [UInt8(activations.count)]
        for histogram in activations {
            let encoded = histogram.encoded()
            bytes += [UInt8(truncatingIfNeeded: encoded.count), UInt8(truncatingIfNeeded: encoded.count >> 8)]
            bytes += encoded
        }
        return bytes + update
    }

    /// Reads what `bytes` wrote.
    ///
    /// - Throws: `FederationError.codec` where it is truncated or a histogram is malformed or too long.
    package init(decoding bytes: [UInt8]) throws(FederationError) {
        var rest = bytes[...]
        var activations: [ActivationHistogram] = []
        for _ in 0..<(rest.popFirst() ?? 0) {
            guard let low = rest.popFirst(), let high = rest.popFirst() else { throw Self.truncated }
            let count = Int(low) | Int(high) << 8
            guard count <= Self.maximumHistogramByteCount, count <= rest.count else { throw Self.truncated }
            do { activations.append(try ActivationHistogram(decoding: Array(rest.prefix(count)))) } catch {
                throw .codec("\(error)")
            }
            rest = rest.dropFirst(count)
        }
        guard !rest.isEmpty else { throw Self.truncated }
        self.init(update: Array(rest), activations: activations)
    }

    private static var truncated: FederationError { .codec("an update with activations is truncated") }
}

extension [ActivationHistogram] {
    /// Adds what another client has counted at the same points.
    mutating func merge(_ others: [ActivationHistogram]) {
        if isEmpty {
            self = others
        } else {
            for index in indices where index < others.count { self[index].merge(others[index]) }
        }
    }
}
