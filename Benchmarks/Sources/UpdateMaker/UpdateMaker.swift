import Datasets
import Foundation
import ModelFormats
import Tensors
import Training

/// Makes real client updates to measure codecs on, one JSON line of settings in and one safetensors file out.
///
/// Usage: `UpdateMaker SETTINGS.json OUT.safetensors`, with `SWIFTLET_DATA` naming the data folder. It runs plain FedAvg
/// over `clients` clients for `rounds` rounds and writes the updates of the first `kept` clients in the round after, as
/// `client0/…`, and the last move of the global model to `OUT-global.safetensors`, as `global/…`.
@main
enum UpdateMaker {
    struct Settings: Codable {
        var dataset: DatasetSpec
        var partition: Partition
        var model: String
        var clients: Int
        var cohort: Int
        var rounds: Int
        var kept: Int
        var seed: UInt64
        var samplesPerClient: Int
        var local: LocalTrainingPlan
    }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            FileHandle.standardError.write(Data("usage: UpdateMaker SETTINGS.json OUT.safetensors\n".utf8))
            exit(2)
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: arguments[1]))
        var federation = try Federation(JSONDecoder().decode(Settings.self, from: data))
        for round in 0..<federation.settings.rounds { try federation.advance(round) }
        try write(try federation.updates(), federation.layout, to: arguments[2])
        let global = [(name: "global", values: federation.lastMove)]
        try write(global, federation.layout, to: arguments[2].replacing(".safetensors", with: "-global.safetensors"))
    }

    private static func write(
        _ updates: [(name: String, values: [Float])], _ layout: ParameterLayout, to path: String
    ) throws {
        let tensors = updates.flatMap { update in
            layout.entries.map { entry in
                SafetensorsTensor(
                    name: "\(update.name)/\(entry.name.replacing("/", with: "."))", shape: entry.shape,
                    values: Array(update.values[entry.range]))
            }
        }
        try Data(SafetensorsFile(tensors: tensors).encoded()).write(to: URL(fileURLWithPath: path))
    }
}
