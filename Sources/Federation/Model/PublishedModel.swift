import Encryption
import Messages
import Quantization
import Tensors
import UpdateCodec

/// A version of the global model as clients receive it.
public enum PublishedModel: Hashable, Sendable {
    /// The float master itself.
    case float([Float])
    /// Its int8 lattice.
    case lattice(ModelLattice)

    /// Version 0 or any other, made from a float master.
    ///
    /// - Throws: `FederationError.codec` for values that no lattice can hold.
    public init(
        _ master: [Float], layout: ParameterLayout, downlink: Compression.Downlink
    ) throws(FederationError) {
        switch downlink {
        case .float32: self = .float(master)
        case .int8: self = .lattice(try ModelLattice(master: master, layout: layout, previous: nil))
        }
    }

    /// The parameters that clients train from, one value per parameter.
    public var parameters: [Float] {
        switch self {
        case .float(let values): values
        case .lattice(let lattice): lattice.dequantized()
        }
    }

    /// BLAKE2b-256 over the canonical bytes: little-endian floats, or `ModelLattice.canonicalBytes()`.
    public var hash: Digest {
        switch self {
        case .float(let values): Digest(unchecked: Blake2b256.hash(FloatBytes.encode(values)))
        case .lattice(let lattice): Digest(unchecked: Blake2b256.hash(lattice.canonicalBytes()))
        }
    }

    /// The whole model as bytes, for the wire and for storage.
    public func encoded() -> [UInt8] {
        switch self {
        case .float(let values): FloatBytes.encode(values)
        case .lattice(let lattice): LatticeDifference.encodeWhole(lattice)
        }
    }

    /// Reads what `encoded` made.
    ///
    /// - Throws: `FederationError.codec` for damage of any kind, a wrong size and values that are not finite included.
    public init(
        decoding bytes: [UInt8], layout: ParameterLayout, downlink: Compression.Downlink
    ) throws(FederationError) {
        switch downlink {
        case .float32:
            guard bytes.count == 4 * layout.count else { throw .codec("the model has a wrong size") }
            let values = FloatBytes.decode(bytes)
            guard values.allSatisfy(\.isFinite) else { throw .codec("the model holds NaN or infinity") }
            self = .float(values)
        case .int8:
            do { self = .lattice(try LatticeDifference.decodeWhole(bytes, layout: layout)) } catch {
                throw .codec(String(describing: error))
            }
        }
    }

    /// Applies a difference that was made against this model.
    ///
    /// - Throws: `FederationError.codec` for damage, and when there are no differences of such models.
    public func applying(_ difference: [UInt8]) throws(FederationError) -> PublishedModel {
        guard case .lattice(let lattice) = self else { throw .codec("float models have no differences") }
        do { return .lattice(try LatticeDifference.apply(difference, to: lattice)) } catch {
            throw .codec(String(describing: error))
        }
    }

    /// Largest encoding that can be meant for a layout, in bytes; anything longer is refused before it is received.
    public static func maximumByteCount(_ layout: ParameterLayout) -> Int { 8 * layout.count + 65_536 }
}

extension ModelLattice {
    /// The lattice of a float master.
    ///
    /// - Throws: `FederationError.codec` for values that no lattice can hold.
    init(master: [Float], layout: ParameterLayout, previous: ModelLattice?) throws(FederationError) {
        do { try self.init(quantizing: master, layout: layout, previous: previous) } catch {
            throw .codec(String(describing: error))
        }
    }
}
