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
    /// Version 0 and coded steps from there.
    case coded(CodedModel)

    /// Version 0, made from its float master.
    ///
    /// - Throws: `FederationError.codec` for values that no lattice can hold and codecs that are not known.
    public init(_ master: [Float], layout: ParameterLayout, compression: Compression) throws(FederationError) {
        switch compression.down {
        case .float32: self = .float(master)
        case .int8: self = .lattice(try ModelLattice(master: master, layout: layout, previous: nil))
        case .coded(let codec):
            self = .coded(
                try CodedModel(
                    initial: master, layout: layout, codec: codec, stepByteCount: compression.stepByteCount,
                    predicts: compression.prediction?.isDown == true))
        }
    }

    /// The parameters that clients train from, one value per parameter.
    public var parameters: [Float] {
        switch self {
        case .float(let values): values
        case .lattice(let lattice): lattice.dequantized()
        case .coded(let model): model.parameters
        }
    }

    /// BLAKE2b-256 over the canonical bytes: little-endian floats, or `ModelLattice.canonicalBytes()`; of a coded model
    /// over what it is decoded from.
    public var hash: Digest {
        switch self {
        case .float(let values): Digest(unchecked: Blake2b256.hash(FloatBytes.encode(values)))
        case .lattice(let lattice): Digest(unchecked: Blake2b256.hash(lattice.canonicalBytes()))
        case .coded(let model): model.hash
        }
    }

    /// The whole model as bytes, for the wire and for storage; of a coded model all steps from version 0.
    public func encoded() -> [UInt8] {
        switch self {
        case .float(let values): FloatBytes.encode(values)
        case .lattice(let lattice): LatticeDifference.encodeWhole(lattice)
        case .coded(let model): model.encoded()
        }
    }

    /// Reads what `encoded` made of a model of the same kind and federation; this one is version 0.
    ///
    /// - Throws: `FederationError.codec` for damage of any kind, a wrong size and values that are not finite included.
    public func decodingWhole(_ bytes: [UInt8], layout: ParameterLayout) throws(FederationError) -> PublishedModel {
        switch self {
        case .float:
            guard bytes.count == 4 * layout.count else { throw .codec("the model has a wrong size") }
            let values = FloatBytes.decode(bytes)
            guard values.allSatisfy(\.isFinite) else { throw .codec("the model holds NaN or infinity") }
            return .float(values)
        case .lattice: return .lattice(try ModelLattice(decodingWhole: bytes, layout: layout))
        case .coded(let initial): return .coded(try initial.applying(bytes))
        }
    }

    /// Applies a difference that was made against this model.
    ///
    /// - Throws: `FederationError.codec` for damage, and when there are no differences of such models.
    public func applying(_ difference: [UInt8]) throws(FederationError) -> PublishedModel {
        switch self {
        case .float: throw .codec("float models have no differences")
        case .lattice(let lattice):
            do { return .lattice(try LatticeDifference.apply(difference, to: lattice)) } catch {
                throw .codec(String(describing: error))
            }
        case .coded(let model): return .coded(try model.applying(difference))
        }
    }

    /// The steps of a coded model; nothing of any other, which the coordinator has in other forms.
    var codedSteps: [UInt8] {
        guard case .coded = self else { return [] }
        return encoded()
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

    /// Reads what `LatticeDifference.encodeWhole` made.
    ///
    /// - Throws: `FederationError.codec` for damage.
    init(decodingWhole bytes: [UInt8], layout: ParameterLayout) throws(FederationError) {
        do { self = try LatticeDifference.decodeWhole(bytes, layout: layout) } catch {
            throw .codec(String(describing: error))
        }
    }
}
