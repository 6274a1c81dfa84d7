import Foundation
import Nodes
import TestSupport

/// The package's programs, which are built into the folder of the tests.
enum Programs {
    /// How a program ended.
    struct Ending {
        /// Exit status, or the negative number of the signal that ended it.
        var status: Int32
        /// Lines of standard output.
        var output: [String]
        /// Standard error.
        var errors: String
    }

    static let folder = ProgramFolder()

    /// Starts one of the programs; standard error goes to `log`.
    static func start(_ name: String, _ arguments: [String], log: URL) throws -> ChildProcess {
        try ChildProcess(executable: folder.program(name), arguments: arguments, log: log)
    }

    /// Runs one of the programs to its end.
    static func run(_ name: String, _ arguments: [String]) async throws -> Ending {
        try await run(folder.program(name), arguments)
    }

    /// Runs one of the programs to its end, in an environment without `variable`.
    static func run(_ name: String, _ arguments: [String], without variable: String) async throws -> Ending {
        let environment = URL(fileURLWithPath: "/usr/bin/env")
        return try await run(environment, ["-u", variable, folder.program(name).path] + arguments)
    }

    private static func run(_ executable: URL, _ arguments: [String]) async throws -> Ending {
        let folder = try TemporaryFolder()
        let log = folder.url.appendingPathComponent("errors")
        let process = try ChildProcess(executable: executable, arguments: arguments, log: log)
        var output: [String] = []
        for await line in process.lines { output.append(line) }
        let status = await process.ending()
        return Ending(status: status, output: output, errors: try String(contentsOf: log, encoding: .utf8))
    }
}

extension ChildProcess {
    /// Waits for the end, which comes at once when the waiting task is cancelled.
    func ending() async -> Int32 {
        await withTaskCancellationHandler {
            await exitStatus()
        } onCancel: {
            kill()
        }
    }

    /// The next line that begins with `prefix`; nil when the program ends before.
    func line(beginning prefix: String) async -> String? {
        for await line in lines where line.hasPrefix(prefix) { return line }
        return nil
    }

    /// The next event of a coordinator that reports JSON lines; nil when it ends before.
    func event() async -> CoordinatorProgress? {
        for await line in lines {
            if let event = CoordinatorProgress(line: line) { return event }
        }
        return nil
    }
}
