import ArgumentParser
import Configuration
import Federation
import Foundation
import Nodes
import Reporting

/// `swiftlet-simulate fit`.
struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which devices a model fits, what it costs there, and whether it can be trained over a radio.",
        discussion: """
            MODEL is the folder of an arm of a run, whose bytes then count, or a model.fp32.safetensors, or a built-in
            model with --input and --classes.

              swiftlet-simulate fit out/quickstart/int8 --radio lora-sf7
              swiftlet-simulate fit cnn1d-har --input 6x128 --classes 6 --profile stm32l4 --json

            A model may take half of a device's flash and RAM; a delivery may take 30 days, training 90. Time and energy
            are estimates from published figures: see Sources/Configuration/Profiles.

            Exit codes: 0 done, 1 MODEL cannot be read, 64 wrong use of the command line, 78 an unknown profile.
            """)

    @Argument(help: "Folder of an arm, a .safetensors file, or a built-in model.")
    var model: String

    @Option(name: .customLong("profile"), help: "A device; may be given several times. Default: all.")
    var devices: [String] = []

    @Option(name: .customLong("radio"), help: "A radio, such as lora-sf7; may be given several times.")
    var radios: [String] = []

    @Option(help: "A file of your own device and radio profiles, in the form of the project's.", completion: .file())
    var profiles: String?

    @Option(help: "Shape of one sample for a built-in model, such as 6x128 or 1x28x28.")
    var input: String?

    @Option(help: "Classes of a built-in model.")
    var classes: Int?

    @Option(help: "Rounds that a client takes part in, with --up-bytes and --down-bytes.")
    var rounds: Int?

    @Option(help: "Bytes that a client sends in a round.")
    var upBytes: Int?

    @Option(help: "Bytes that a client gets in a round.")
    var downBytes: Int?

    @Flag(help: "Print a list as JSON, in the form of fit.json.")
    var json = false

    mutating func validate() throws {
        guard (input == nil) == (classes == nil) else { throw ValidationError("give both --input and --classes") }
        guard input == nil || shape != nil else { throw ValidationError("--input must be sizes such as 6x128") }
        let given = [rounds, upBytes, downBytes].compactMap { $0 }
        guard given.isEmpty || given.count == 3, given.allSatisfy({ $0 > 0 && $0 <= 1 << 40 }) else {
            throw ValidationError("give --rounds, --up-bytes and --down-bytes together, each above 0")
        }
    }

    func run() throws {
        do {
            let reports = try fit.reports(linkedDevices(), traffic: traffic)
            guard !json else {
                return Console.show("[\n" + (try reports.map { try $0.json() }).joined(separator: ",\n") + "\n]")
            }
            let style = TextStyle(
                isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
            FitTable(reports.map { FitRow($0) }, style: style).lines.forEach(Console.show)
            for report in reports where !report.fits {
                Console.show(
                    "\(report.device)\(report.radio.map { "+" + $0 } ?? ""): \(report.reasons.joined(separator: "; "))")
            }
        } catch {
            throw ExitCode(Console.exitCode(for: error))
        }
    }

    private var fit: ModelFit {
        get throws {
            guard let shape, let classes else { return try ModelFit(path: model) }
            return try ModelFit(builtIn: model, inputShape: shape, classCount: classes)
        }
    }

    private var shape: [Int]? {
        guard let input else { return nil }
        let sizes = input.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        return (1...3).contains(sizes.count) && sizes.allSatisfy { $0 > 0 } ? sizes : nil
    }

    private var traffic: TrainingTraffic? {
        guard let rounds, let upBytes, let downBytes else { return nil }
        return TrainingTraffic(rounds: rounds, upByteCount: upBytes, downByteCount: downBytes)
    }

    private func linkedDevices() throws -> [LinkedDevice] {
        var catalog = try ProfileCatalog.standard()
        if let profiles { try catalog.add(path: profiles) }
        let links = try radios.map { try catalog.radio($0) }
        return try (devices.isEmpty ? catalog.deviceNames : devices).flatMap { name in
            let device = try catalog.profile(name)
            return links.isEmpty ? [device] : links.map { LinkedDevice(device: device.device, radio: $0) }
        }
    }
}
