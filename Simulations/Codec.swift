import ArgumentParser
import Foundation
import Nodes
import Reporting
import UpdateCodec

/// `swiftlet-simulate codec`.
struct Codec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what coding your own updates costs and loses.",
        discussion: """
            Every array of FILE is a tensor; arrays named a/b and a/c are tensors of one update a. Arrays of two or
            more dimensions are weights, dimension 0 being the output channel; others are vectors. Every update is
            really encoded and decoded again; NMSE is the squared error over the squared norm, and MB/s counts the
            float32 bytes of the update, the fastest of \(Pipeline.repetitions) repetitions on one thread.

              swiftlet-simulate codec update.npz --all
              swiftlet-simulate codec update.npz --pipeline auto --pipeline qsgd:bits=4 --nmse 0.1 --json

            Pipelines: \(UpdateCodecs.names.joined(separator: ", ")).

            Exit codes: 0 done, 1 a file cannot be read or coded, 64 wrong use of the command line.
            """)

    @Argument(help: "Updates: .npz or .safetensors.", completion: .file(extensions: ["npz", "safetensors"]))
    var files: [String]

    @Option(
        name: .customLong("pipeline"),
        help: "A codec to measure, such as auto or topk+ternary:p=0.01; may be given several times. Default: auto.")
    var pipelines: [String] = []

    @Flag(help: "Measure every codec there is.")
    var all = false

    @Option(
        help: """
            The NMSE that auto, lowrank and entropy are driven to, within 2 % below it; may be given several times.
            """)
    var nmse: [Double] = []

    @Option(
        help: """
            The last change of the global model, in a file like FILE: the update of the same name, the only one, or \
            the one named \(LastDelta.preferredName).
            """,
        completion: .file(extensions: ["npz", "safetensors"]))
    var context: String?

    @Flag(help: "Print a list as JSON.")
    var json = false

    mutating func validate() throws {
        guard !all || pipelines.isEmpty else { throw ValidationError("give --pipeline or --all, not both") }
        guard nmse.allSatisfy({ $0 >= 1e-6 && $0 <= 1 }) else {
            throw ValidationError("--nmse must be from 0.000001 to 1")
        }
        do throws(CodecError) { _ = try chosen() } catch {
            let known = UpdateCodecs.names.joined(separator: ", ")
            switch error {
            case .unknownCodec(let name): throw ValidationError("there is no pipeline \(name); there are \(known)")
            case .invalidParameter(let text): throw ValidationError("a pipeline does not take '\(text)'")
            default: throw ValidationError("\(error)")
            }
        }
    }

    func run() throws {
        do {
            try measure()
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private func chosen() throws(CodecError) -> [Pipeline] {
        let names = all ? UpdateCodecs.names : pipelines.isEmpty ? ["auto"] : pipelines
        return try Pipeline.list(names, nmse: nmse)
    }

    private func measure() throws {
        let pipelines = try chosen()
        let lastDelta = try context.map { try LastDelta($0) }
        let style = TextStyle(
            isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        var rows: [CodecRow] = []
        for file in files {
            let updates = try NamedUpdate.load(file)
            let table = CodecTable(updates: updates.map(\.name), pipelines: pipelines.map(\.name), style: style)
            var ofFile: [CodecRow] = []
            if !json { ([file] + table.headings).forEach(Console.show) }
            for update in updates {
                let delta = try lastDelta?.values(for: update)
                for pipeline in pipelines {
                    let row = try pipeline.measure(update, file: file, lastGlobalDelta: delta)
                    if !json { Console.show(table.line(row)) }
                    ofFile.append(row)
                }
            }
            if !json { table.means(ofFile).forEach(Console.show) }
            rows += ofFile
        }
        if json { try Console.show(Console.json(rows)) }
    }
}
