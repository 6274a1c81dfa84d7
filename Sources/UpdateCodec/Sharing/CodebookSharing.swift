import Quantization
import Tensors

/// A codebook per tensor: elements share the few centroids that describe the tensor best
/// (Deep Compression; Han, Mao, Dally 2016, section 3, arXiv:1510.00149). Unlike the other rules, which element shares
/// which number depends on the update and has to be sent.
public struct CodebookSharing: Hashable, Sendable {
    private let quantizer: CodebookQuantizer

    /// Makes a rule.
    ///
    /// - Parameters:
    ///   - centroidCount: centroids per tensor, 2–256.
    ///   - search: how they are found.
    /// - Throws: `CodecError.invalidParameter`.
    public init(
        centroidCount: Int, search: CodebookQuantizer.Search = .nearlyOptimal
    ) throws(CodecError) {
        do { quantizer = try CodebookQuantizer(centroidCount: centroidCount, search: search) } catch {
            throw .invalidParameter("a codebook has 2–256 centroids, not \(centroidCount)")
        }
    }

    /// Codebook and indices of each tensor.
    ///
    /// - Parameter update: `layout.count` finite values.
    /// - Throws: `CodecError.countMismatch`, `.notFinite`; `.invalidParameter` for an exact search that is too large.
    public func share(_ update: [Float], layout: ParameterLayout) throws(CodecError) -> [CodebookTensor] {
        try layout.check(update)
        var tensors: [CodebookTensor] = []
        for entry in layout.entries {
            do { tensors.append(try quantizer.quantize(Array(update[entry.range]))) } catch {
                throw .invalidParameter("no codebook for \(entry.name): \(error)")
            }
        }
        return tensors
    }

    /// The update that the codebooks stand for.
    public static func expand(_ tensors: [CodebookTensor]) -> [Float] { tensors.flatMap { $0.dequantized() } }
}
