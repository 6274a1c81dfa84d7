import Foundation
import Quantization

/// Histograms of activations as text, for the metadata of a model file: base64, one word each.
enum HistogramText {
    static func joined(_ histograms: [[UInt8]]) -> String {
        histograms.map { Data($0).base64EncodedString() }.joined(separator: " ")
    }

    /// - Throws: `NodeError.corrupt` where one is no histogram.
    static func histograms(_ text: String?) throws(NodeError) -> [ActivationHistogram] {
        try histograms((text ?? "").split(separator: " ").map { [UInt8](Data(base64Encoded: String($0)) ?? Data()) })
    }

    /// - Throws: `NodeError.corrupt` where one is no histogram.
    static func histograms(_ encoded: [[UInt8]]) throws(NodeError) -> [ActivationHistogram] {
        do { return try encoded.map { bytes in try ActivationHistogram(decoding: bytes) } } catch {
            throw .corrupt("the activations cannot be read: \(error)")
        }
    }
}
