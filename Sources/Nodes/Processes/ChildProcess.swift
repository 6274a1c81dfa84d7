import Foundation
import Synchronization

/// A program that was started, whose standard output is read line by line.
///
/// The child's standard input is a pipe that nobody writes to: it ends when this process ends, however it ends, and a
/// child that watches it (`--until-stdin-closes`) never outlives its parent.
package final class ChildProcess: Sendable {
    private struct State {
        var partialLine: [UInt8] = []
        var exitStatus: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    /// What the child prints, without line ends; ends with the child's output.
    package let lines: AsyncStream<String>
    private let process: Process
    private let input = Pipe()
    private let state = Mutex(State())

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: the program's file.
    ///   - log: where standard error goes; appended to.
    /// - Throws: `NodeError.cannotStart` when the file is missing or not executable.
    package init(executable: URL, arguments: [String], log: URL) throws(NodeError) {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        self.lines = lines
        process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = input
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Self.appending(to: log)
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty {
                handle.readabilityHandler = nil
                continuation.finish()
            } else {
                for line in self?.split(data) ?? [] { continuation.yield(line) }
            }
        }
        process.terminationHandler = { [weak self] process in
            self?.ended(process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus)
        }
        do { try process.run() } catch {
            throw .cannotStart(program: executable.path, cause: error.localizedDescription)
        }
    }

    /// The process identifier.
    package var identifier: Int32 { process.processIdentifier }

    /// Asks the program to stop (SIGTERM).
    package func terminate() { if process.isRunning { process.terminate() } }

    /// Ends the program at once (SIGKILL).
    package func kill() { if process.isRunning { _ = Foundation.kill(process.processIdentifier, SIGKILL) } }

    /// Waits for the end: the exit status, or the negative number of the signal that ended the program.
    package func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state -> Int32? in
                if state.exitStatus == nil { state.waiting.append(continuation) }
                return state.exitStatus
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    private func ended(_ status: Int32) {
        let waiting = state.withLock { state in
            state.exitStatus = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    private func split(_ data: Data) -> [String] {
        state.withLock { state in
            var lines: [String] = []
            for byte in data {
                if byte == UInt8(ascii: "\n") {
                    lines.append(String(decoding: state.partialLine, as: UTF8.self))
                    state.partialLine.removeAll(keepingCapacity: true)
                } else {
                    state.partialLine.append(byte)
                }
            }
            return lines
        }
    }

    private static func appending(to file: URL) -> FileHandle {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        return descriptor >= 0 ? FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) : .nullDevice
    }
}
