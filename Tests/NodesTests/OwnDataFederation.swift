import Foundation
import Nodes
import TestSupport
import Testing

/// A federation whose clients bring files of their own, set up through the programs alone.
struct OwnDataFederation {
    let folder: TemporaryFolder
    let port: UInt16

    /// Writes the coordinator's configuration, with these lines added, and makes its keys.
    init(rounds: Int, minimumClients: Int, settings: String = "") async throws {
        folder = try TemporaryFolder()
        port = try #require(FreePort.find())
        let text = """
            name: own data
            bind: tcp://127.0.0.1:\(port)
            state_directory: coordinator
            model: linear
            input_shape: [4]
            classes: 2
            rounds: \(rounds)
            minimum_clients: \(minimumClients)
            enrolment_deadline_seconds: 50
            finish_grace_seconds: 20
            local: {epochs: 1, batch_size: 4, learning_rate: 0.1}
            \(settings)
            """
        try folder.write(text.utf8, to: "federation.yaml")
        let made = try await operate("init")
        try #require(made.status == 0)
        try folder.write(Self.table(rows: 24).utf8, to: "own.csv")
        try folder.write(Self.inputs(rows: 20), to: "inputs.npy")
        try folder.write(Self.labels(rows: 20), to: "labels.npy")
    }

    var endpoint: String { "tcp://127.0.0.1:\(port)" }

    /// Runs a command of the coordinator's program to its end.
    func operate(_ command: String, _ arguments: String...) async throws -> Programs.Ending {
        try await Programs.run(
            "swiftlet-coordinator", [command, "--config", folder.path("federation.yaml")] + arguments)
    }

    /// Starts to serve, and waits until clients can connect.
    func serve() async throws -> ChildProcess {
        let coordinator = try Programs.start(
            "swiftlet-coordinator",
            ["serve", "--config", folder.path("federation.yaml"), "--progress", "json", "--until-stdin-closes"],
            log: log("coordinator"))
        guard case .listening = await coordinator.event() else {
            Issue.record("the coordinator does not listen: \(errors("coordinator"))")
            return coordinator
        }
        return coordinator
    }

    func token() async throws -> String {
        try #require(try await operate("approve", "--token", "--endpoint", endpoint).output.first)
    }

    /// Enrols with a token; the client will train on the CSV file, or on the two arrays.
    func join(_ token: String, as name: String, kind: String = "csv") async throws -> Programs.Ending {
        let data =
            kind == "csv"
            ? ["--inputs", folder.path("own.csv"), "--labels", "activity"]
            : ["--inputs", folder.path("inputs.npy"), "--labels", folder.path("labels.npy")]
        return try await Programs.run(
            "swiftlet-client", ["join", token, "--state", folder.path(name), "--name", name, "--kind", kind] + data)
    }

    func start(_ name: String) throws -> ChildProcess {
        try Programs.start(
            "swiftlet-client", ["run", "--config", folder.path(name + "/client.yaml"), "--until-stdin-closes"],
            log: log(name))
    }

    func errors(_ name: String) -> String { (try? String(contentsOf: log(name), encoding: .utf8)) ?? "" }

    private func log(_ name: String) -> URL { folder.url.appendingPathComponent(name + ".log") }

    private static func table(rows: Int) -> String {
        let lines = (0..<rows).map { row in "\(row % 5),\(row % 3),\(row % 2),1,\(row % 2 == 0 ? "rest" : "walk")" }
        return "x,y,z,w,activity\n" + lines.map { $0 + "\n" }.joined()
    }

    private static func inputs(rows: Int) -> [UInt8] {
        let values = (0..<rows).flatMap { row -> [Float] in [Float(row % 5), Float(row % 3), Float(row % 2), 1] }
        return array("<f4", "(\(rows), 4)", values.flatMap { bytes($0.bitPattern) })
    }

    private static func labels(rows: Int) -> [UInt8] {
        array("<i4", "(\(rows),)", (0..<rows).flatMap { bytes(UInt32($0 % 2)) })
    }

    private static func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    /// A `.npy` file of format version 1.
    private static func array(_ element: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
        var header = "{'descr': '\(element)', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 127 - 10 - header.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
    }
}
