import Quantization
import Tensors

/// The exact difference between two versions of the model, or a whole version, as bytes.
///
/// Integers only: a base row is brought to the scale of the target row by fixed-point constants, and what is sent is
/// target minus prediction. The first byte is the kind of the content, the second the format version.
public struct LatticeDifference: Sendable {
    private static let version: UInt8 = 1
    private static let differenceKind: UInt8 = 0xd1
    private static let wholeKind: UInt8 = 0xd2

    private init() {}

    /// Encodes `target` for a client that holds `base`, a lattice of the same layout.
    public static func encode(from base: ModelLattice, to target: ModelLattice) -> [UInt8] {
        precondition(base.layout == target.layout, "the lattices belong to different models")
        return [differenceKind, version] + BlockPacking.pack(differences(from: base, to: target))
    }

    /// Applies what `encode` made to the same base.
    ///
    /// - Throws: `CodecError` for any damage; the base is never changed.
    public static func apply(_ bytes: [UInt8], to base: ModelLattice) throws(CodecError) -> ModelLattice {
        try decode(bytes, kind: differenceKind, base: base, layout: base.layout)
    }

    /// Encodes a whole lattice for a client that holds no version.
    public static func encodeWhole(_ lattice: ModelLattice) -> [UInt8] {
        [wholeKind, version] + BlockPacking.pack(differences(from: nil, to: lattice))
    }

    /// Decodes what `encodeWhole` made.
    ///
    /// - Throws: `CodecError` for any damage.
    public static func decodeWhole(_ bytes: [UInt8], layout: ParameterLayout) throws(CodecError) -> ModelLattice {
        try decode(bytes, kind: wholeKind, base: nil, layout: layout)
    }

    private static func differences(from base: ModelLattice?, to target: ModelLattice) -> [Int32] {
        var output: [Int32] = []
        output.reserveCapacity(target.scaleCodes.count + target.values.count)
        for row in target.scaleCodes.indices {
            output.append(Int32(target.scaleCodes[row]) - Int32(base?.scaleCodes[row] ?? 0))
        }
        LatticePrediction.forEachRow(of: target.layout) { range, row, levels in
            let code = target.scaleCodes[row]
            for index in range {
                var predicted = 0
                if let base {
                    predicted = LatticePrediction.rescale(
                        base.values[index], from: base.scaleCodes[row], to: code, levels: levels)
                }
                output.append(Int32(Int(target.values[index]) - predicted))
            }
        }
        return output
    }

    private static func decode(
        _ bytes: [UInt8], kind: UInt8, base: ModelLattice?, layout: ParameterLayout
    ) throws(CodecError) -> ModelLattice {
        guard bytes.count >= 2 else { throw .truncated }
        guard bytes[0] == kind else { throw .corruptHeader }
        guard bytes[1] == version else { throw .unsupportedVersion(Int(bytes[1])) }
        let rows = layout.rowCount
        let numbers = try BlockPacking.unpack(bytes, from: 2, count: rows + layout.count)
        var codes = [Int8](repeating: 0, count: rows)
        for row in 0..<rows {
            guard let code = Int8(exactly: numbers[row] + Int32(base?.scaleCodes[row] ?? 0)) else {
                throw .corruptPayload("scale code out of range")
            }
            codes[row] = code
        }
        var values = [Int16](repeating: 0, count: layout.count)
        var isSound = true
        LatticePrediction.forEachRow(of: layout) { range, row, levels in
            for index in range {
                var value = Int(numbers[rows + index])
                if let base {
                    value += LatticePrediction.rescale(
                        base.values[index], from: base.scaleCodes[row], to: codes[row], levels: levels)
                }
                isSound = isSound && abs(value) <= levels
                values[index] = Int16(truncatingIfNeeded: value)
            }
        }
        guard isSound else { throw .corruptPayload("lattice value out of range") }
        do { return try ModelLattice(layout: layout, scaleCodes: codes, values: values) } catch {
            throw .corruptPayload("lattice value out of range")
        }
    }
}
