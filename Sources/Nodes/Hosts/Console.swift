import Configuration
import Foundation
import Logging

/// What the programs have in common: how they log and how they end.
public enum Console {
    /// Exit code of a run that failed.
    public static let failed: Int32 = 1
    /// Exit code of a wrong configuration, as in `sysexits.h`.
    public static let wrongConfiguration: Int32 = 78

    /// A logger to standard error; its level is `SWIFTLET_LOG`, `notice` by default.
    public static func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        let level = ProcessInfo.processInfo.environment["SWIFTLET_LOG"].flatMap(Logger.Level.init(rawValue:))
        logger.logLevel = level ?? .notice
        return logger
    }

    /// Prints one line at once, also into a pipe or a file.
    @Sendable public static func show(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Says on standard error what went wrong, and gives the exit code.
    public static func exitCode(for error: any Error) -> Int32 {
        FileHandle.standardError.write(Data("error: \(error)\n".utf8))
        if error is ConfigurationError { return wrongConfiguration }
        if case NodeError.configuration = error { return wrongConfiguration }
        return failed
    }

    /// Says on standard error that what was asked for cannot be had, and gives the exit code of a wrong configuration.
    public static func unmetTarget(_ error: some Error) -> Int32 {
        exitCode(for: NodeError.configuration("\(error)"))
    }

    /// A value as JSON with sorted keys, as the programs print it.
    public static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
