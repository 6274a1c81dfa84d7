import Tensors

/// Takes away from an update what both sides expected, as far as that pays, and lets another codec encode the rest.
///
/// Per tensor the prediction counts β times, by least squares, in sixteenths from 0 to 2. In front of the other codec's
/// bytes: 0 where nothing was predicted, else 1, the prediction's tag in four bytes and β of each tensor that has one in
/// a byte. Statistics are not predicted, and must take no part in the error target of the other codec; that counts for the
/// update, not for what is left of it.
package struct PredictedCodec: UpdateCodec {
    private let whole: any UpdateCodec
    private let rest: any UpdateCodec
    private let byteCount: Int?

    /// A codec around another one.
    ///
    /// - Parameters:
    ///   - codec: encodes updates as they are.
    ///   - rest: encodes what is left of them, in a form that `codec` decodes; nil: the same.
    ///   - byteCount: a prediction counts only where all bytes together are no more, or fewer than without; nil: always.
    package init(_ codec: any UpdateCodec, rest: (any UpdateCodec)? = nil, byteCount: Int? = nil) {
        whole = codec
        self.rest = rest ?? codec
        self.byteCount = byteCount
    }

    package var name: String { whole.name }
    package var isLossless: Bool { whole.isLossless }

    /// Bytes in front of those of the other codec where something was predicted; 1 where nothing was.
    package static func headerByteCount(_ layout: ParameterLayout) -> Int {
        5 + layout.entries.count { $0.kind != .statistic }
    }

    /// Whether an encoded update can be decoded with its prediction only.
    package static func isPredicted(_ bytes: [UInt8]) -> Bool { bytes.first == 1 }

    package func encode(
        _ update: [Float], layout: ParameterLayout, context: CodecContext
    ) throws(CodecError) -> [UInt8] {
        let plain = [0] + (try whole.encode(update, layout: layout, context: context))
        guard let prediction = context.prediction else { return plain }
        guard prediction.values.count == layout.count else {
            throw .countMismatch(expected: layout.count, actual: prediction.values.count)
        }
        let factors = factors(update, prediction.values, layout)
        var left = update
        add(prediction.values, times: factors.map { -Self.value($0) }, layout, to: &left)
        let (before, after) = (Self.energy(update, layout), Self.energy(left, layout))
        guard factors.contains(where: { $0 > 0 }), after < before else { return plain }
        var inner = context
        inner.energyShare = max(1e-6, after / before)
        var predicted: [UInt8] = [1]
        for shift in [0, 8, 16, 24] as [UInt32] { predicted.append(UInt8(truncatingIfNeeded: prediction.tag >> shift)) }
        predicted += factors
        predicted += try rest.encode(left, layout: layout, context: inner)
        return try isBetter(predicted, than: plain, update, layout, context) ? predicted : plain
    }

    package func decode(
        _ bytes: [UInt8], layout: ParameterLayout, context: CodecContext, into output: inout [Float]
    ) throws(CodecError) {
        guard let flag = bytes.first else { throw .truncated }
        guard flag == 1 else {
            guard flag == 0 else { throw .corruptHeader }
            return try whole.decode(Array(bytes[1...]), layout: layout, context: context, into: &output)
        }
        let start = Self.headerByteCount(layout)
        guard bytes.count >= start else { throw .truncated }
        let tag = bytes[1..<5].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        guard let prediction = context.prediction, prediction.values.count == layout.count, prediction.tag == tag
        else { throw .missingContext }
        let factors = bytes[5..<start]
        guard factors.allSatisfy({ $0 <= Self.largest }) else { throw .corruptHeader }
        try whole.decode(Array(bytes[start...]), layout: layout, context: context, into: &output)
        add(prediction.values, times: factors.map(Self.value), layout, to: &output)
        guard output.allSatisfy(\.isFinite) else { throw .corruptPayload("a decoded value is not finite") }
    }

    private static let largest: UInt8 = 32

    private static func value(_ factor: UInt8) -> Float { Float(factor) / 16 }

    private func factors(_ update: [Float], _ prediction: [Float], _ layout: ParameterLayout) -> [UInt8] {
        layout.entries.filter { $0.kind != .statistic }.map { entry in
            var (product, energy) = (0.0, 0.0)
            for index in entry.range {
                product += Double(update[index]) * Double(prediction[index])
                energy += Double(prediction[index]) * Double(prediction[index])
            }
            guard energy > 0, product.isFinite, energy.isFinite else { return 0 }
            return UInt8(max(0, min(Double(Self.largest), (16 * product / energy).rounded())))
        }
    }

    private func add(
        _ values: [Float], times factors: [Float], _ layout: ParameterLayout, to output: inout [Float]
    ) {
        for (entry, factor) in zip(layout.entries.filter { $0.kind != .statistic }, factors) where factor != 0 {
            for index in entry.range { output[index] += factor * values[index] }
        }
    }

    /// Whether bytes are fewer at about the same error, or about as many at a smaller one.
    private func isBetter(
        _ left: [UInt8], than right: [UInt8], _ update: [Float], _ layout: ParameterLayout, _ context: CodecContext
    ) throws(CodecError) -> Bool {
        if let byteCount, left.count > byteCount, left.count > right.count { return false }
        let mine = try error(left, update, layout, context)
        let other = try error(right, update, layout, context)
        if left.count < right.count, mine <= 1.03 * other { return true }
        return Double(left.count) <= 1.01 * Double(right.count) && mine < other
    }

    private func error(
        _ bytes: [UInt8], _ update: [Float], _ layout: ParameterLayout, _ context: CodecContext
    ) throws(CodecError) -> Double {
        var decoded = [Float](repeating: 0, count: layout.count)
        try decode(bytes, layout: layout, context: context, into: &decoded)
        return zip(update, decoded).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    private static func energy(_ values: [Float], _ layout: ParameterLayout) -> Double {
        var sum = 0.0
        for entry in layout.entries where entry.kind != .statistic {
            for index in entry.range { sum += Double(values[index]) * Double(values[index]) }
        }
        return sum
    }
}
