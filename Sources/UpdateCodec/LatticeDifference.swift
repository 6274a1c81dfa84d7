import Quantization
import Tensors

/// The exact difference between two versions of the model, or a whole version, as bytes.
///
/// Integers only: a base row is brought to the scale of the target row by fixed-point constants, and what is coded is
/// target minus prediction, with the adaptive contexts of `GridCoder`. A byte names content and format version, then
/// come the payload's length and a checksum, as for updates.
public struct LatticeDifference: Sendable {
    private init() {}

    /// Encodes `target` for a client that holds `base`, a lattice of the same layout.
    public static func encode(from base: ModelLattice, to target: ModelLattice) -> [UInt8] {
        precondition(base.layout == target.layout, "the lattices belong to different models")
        return encode(target, base: base)
    }

    /// Applies what `encode` made to the same base.
    ///
    /// - Throws: `CodecError` for any damage; the base is never changed.
    public static func apply(_ bytes: [UInt8], to base: ModelLattice) throws(CodecError) -> ModelLattice {
        try decode(bytes, base: base, layout: base.layout)
    }

    /// Encodes a whole lattice for a client that holds no version.
    public static func encodeWhole(_ lattice: ModelLattice) -> [UInt8] { encode(lattice, base: nil) }

    /// Decodes what `encodeWhole` made.
    ///
    /// - Throws: `CodecError` for any damage.
    public static func decodeWhole(_ bytes: [UInt8], layout: ParameterLayout) throws(CodecError) -> ModelLattice {
        try decode(bytes, base: nil, layout: layout)
    }

    private static func encode(_ target: ModelLattice, base: ModelLattice?) -> [UInt8] {
        var encoder = ArithmeticEncoder()
        var codes: [Int32] = []
        var last = 0
        for row in target.scaleCodes.indices {
            codes.append(Int32(Int(target.scaleCodes[row]) - (base.map { Int($0.scaleCodes[row]) } ?? last)))
            last = Int(target.scaleCodes[row])
        }
        var values = target.values.map { Int32($0) }
        if let base {
            forEachPrediction(from: base, to: target.scaleCodes) { index, predicted in values[index] -= predicted }
        }
        code(&codes, &values, layout: target.layout, with: &encoder)
        return UpdateFrame.wrap(encoder.finish(), identifier: identifier(base), layout: target.layout)
    }

    private static func decode(
        _ bytes: [UInt8], base: ModelLattice?, layout: ParameterLayout
    ) throws(CodecError) -> ModelLattice {
        let range = try UpdateFrame.unwrap(bytes, identifier: identifier(base), layout: layout)
        var codes = [Int32](repeating: 0, count: layout.rowCount)
        var values = [Int32](repeating: 0, count: layout.count)
        let isComplete = bytes.withUnsafeBufferPointer { all in
            var decoder = ArithmeticDecoder(UnsafeBufferPointer(rebasing: all[range]))
            code(&codes, &values, layout: layout, with: &decoder)
            return decoder.isAtEnd
        }
        guard isComplete else { throw .corruptPayload("the lattice does not end where it should") }
        var scaleCodes: [Int8] = []
        scaleCodes.reserveCapacity(codes.count)
        for row in codes.indices {
            let before = base.map { Int($0.scaleCodes[row]) } ?? Int(scaleCodes.last ?? 0)
            guard let scale = Int8(exactly: before + Int(codes[row])) else {
                throw .corruptPayload("a scale code is out of range")
            }
            scaleCodes.append(scale)
        }
        if let base {
            forEachPrediction(from: base, to: scaleCodes) { index, predicted in values[index] &+= predicted }
        }
        let narrow = values.map { Int16(clamping: $0) }
        do { return try ModelLattice(layout: layout, scaleCodes: scaleCodes, values: narrow) } catch {
            throw .corruptPayload("a lattice value is out of range")
        }
    }

    private static func identifier(_ base: ModelLattice?) -> CodecIdentifier {
        base == nil ? .wholeLattice : .latticeDifference
    }

    /// Codes scale codes, then the tensors one by one, in place.
    private static func code<Coder: BinaryCoder>(
        _ codes: inout [Int32], _ values: inout [Int32], layout: ParameterLayout, with coder: inout Coder
    ) {
        let model = CoefficientModel()
        var scales = GridCoder(rows: 1, columns: codes.count, period: 0, family: 3)
        codes.withUnsafeMutableBufferPointer { scales.code($0, startLevel: -1024, model: model, with: &coder) }
        for geometry in TensorGeometry.all(of: layout) {
            let isWeight = geometry.entry.kind == .weight
            let measured = gridLevel(of: values[geometry.entry.range])
            let level = model.codeSide(measured, limit: 127, context: isWeight ? 0 : 1, with: &coder)
            if level == 0 { continue }
            var grid = GridCoder(
                rows: geometry.rows, columns: geometry.columns, period: geometry.period, family: isWeight ? 0 : 1)
            values.withUnsafeMutableBufferPointer { all in
                let tensor = UnsafeMutableBufferPointer(rebasing: all[geometry.entry.range])
                grid.code(tensor, startLevel: (level - 64) << 6, model: model, with: &coder)
            }
        }
    }

    /// log2 of the mean magnitude in quarters plus 64, at least 1; 0 for a tensor of zeros.
    private static func gridLevel(of values: ArraySlice<Int32>) -> Int {
        let sum = values.reduce(0) { $0 + Int(abs($1)) }
        if sum == 0 { return 0 }
        let level = FixedLogarithm.log2((sum << 16) / values.count + 1) - 4096
        return max(1, min(127, (level + 32) >> 6 + 64))
    }

    private static func forEachPrediction(
        from base: ModelLattice, to scaleCodes: [Int8], _ body: (Int, Int32) -> Void
    ) {
        LatticePrediction.forEachRow(of: base.layout) { range, row, levels in
            let from = base.scaleCodes[row]
            let to = scaleCodes[row]
            for index in range {
                let predicted = LatticePrediction.rescale(base.values[index], from: from, to: to, levels: levels)
                body(index, Int32(predicted))
            }
        }
    }
}
