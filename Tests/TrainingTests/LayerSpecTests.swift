import Foundation
import Testing
import Training

struct LayerSpecTests {
    static let forms: [(text: String, layer: LayerSpec)] = [
        (#""relu""#, .relu), (#""relu6""#, .relu6), (#""flatten""#, .flatten), (#""batchnorm""#, .batchNorm),
        (#""globalaveragepool""#, .globalAveragePool), (#"{"dense":10}"#, .dense(out: 10)),
        (#"{"dense":{"bias":false,"out":10}}"#, .dense(out: 10, bias: false)),
        (#"{"conv2d":{"kernel":3,"out":16}}"#, .conv2d(out: 16, window: Window(kernel: 3))),
        (
            #"{"conv2d":{"bias":false,"kernel":5,"out":16,"padding":"same","stride":2}}"#,
            .conv2d(out: 16, window: Window(kernel: 5, stride: 2, padding: .same), bias: false)
        ),
        (
            #"{"conv1d":{"kernel":5,"out":8,"padding":2}}"#,
            .conv1d(out: 8, window: Window(kernel: 5, padding: .zeros(2)))
        ),
        (#"{"depthwiseconv2d":3}"#, .depthwiseConv2d(window: Window(kernel: 3))),
        (
            #"{"depthwiseconv2d":{"kernel":3,"padding":"same"}}"#,
            .depthwiseConv2d(window: Window(kernel: 3, padding: .same))
        ),
        (#"{"maxpool2d":2}"#, .maxpool2d(.pool(2))), (#"{"maxpool1d":3}"#, .maxpool1d(.pool(3))),
        (#"{"avgpool1d":2}"#, .avgpool1d(.pool(2))),
        (#"{"avgpool2d":{"size":3,"stride":2}}"#, .avgpool2d(Window(kernel: 3, stride: 2))),
        (#"{"embedding":{"dimension":8,"vocabulary":65}}"#, .embedding(vocabulary: 65, dimension: 8)),
        (#"{"gru":128}"#, .gru(units: 128)),
        (#"{"gru":{"every_step":true,"units":4}}"#, .gru(units: 4, everyStep: true)),
        (#"{"residual":["relu",{"dense":3}]}"#, .residual(body: [.relu, .dense(out: 3)])),
        (
            #"{"residual":{"body":["relu"],"shortcut":["relu6"]}}"#, .residual(body: [.relu], shortcut: [.relu6])
        ),
    ]

    @Test(arguments: forms.map(\.text).indices)
    func everyFormReadsAndIsWrittenTheSameWay(index: Int) throws {
        let (text, layer) = Self.forms[index]
        #expect(try JSONDecoder().decode(LayerSpec.self, from: Data(text.utf8)) == layer)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(bytes: try encoder.encode(layer), encoding: .utf8) == text)
    }

    @Test func defaultsSpelledOutAreTheSameLayer() throws {
        let text = #"{"conv2d":{"out":4,"kernel":3,"stride":1,"padding":0,"bias":true}}"#
        let layer = try JSONDecoder().decode(LayerSpec.self, from: Data(text.utf8))
        #expect(layer == .conv2d(out: 4, window: Window(kernel: 3)))
    }

    @Test(arguments: [
        (#""relux""#, "known layers: avgpool1d, avgpool2d, batchnorm"), (#"{"convolution":{}}"#, "unknown layer"),
        (#"{"conv2d":{"out":4,"kernel":3,"dilation":2}}"#, "unknown key 'dilation' in conv2d; allowed: bias, kernel"),
        (#"{"conv2d":{"out":4}}"#, "conv2d needs 'kernel'"), (#"{"relu":1}"#, "has no settings"),
        (#""dense""#, "needs settings"), (#"{"dense":1,"relu":2}"#, "mapping with one key"),
        (#"{"maxpool2d":{"size":2,"padding":1}}"#, "unknown key 'padding'"), (#"{}"#, "mapping with one key"),
        (#"{"conv2d":{"out":4,"kernel":3,"padding":"valid"}}"#, "whole number or the word 'same'"),
    ])
    func mistakesNameWhatIsAllowed(text: String, message: String) {
        do {
            let layer = try JSONDecoder().decode(LayerSpec.self, from: Data(text.utf8))
            Issue.record("read \(layer)")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
