import Foundation
import Synchronization

/// A program that was started, whose standard output is read line by line.
///
/// The child's standard input is a pipe that nobody writes to: it ends when this process ends, however it ends, and a
/// child that watches it (`--until-stdin-closes`) never outlives its parent. The child gets no other file of this
/// process, whatever other threads open or start meanwhile.
package final class ChildProcess: Sendable {
    /// What the child prints, without line ends; ends with the child's output.
    package let lines: AsyncStream<String>
    private let input: Int32
    private let life: ChildLife

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: the program's file.
    ///   - log: where standard error goes; appended to.
    /// - Throws: `NodeError.cannotStart` when the file is missing or not executable.
    package init(executable: URL, arguments: [String], log: URL) throws(NodeError) {
        let launched: Launched
        do throws(SystemFailure) {
            launched = try Self.launching.withLock { _ throws(SystemFailure) in
                try Self.launch(executable.path, arguments, log: log.path)
            }
        } catch {
            throw .cannotStart(program: executable.path, cause: String(cString: strerror(error.number)))
        }
        let (lines, continuation) = AsyncStream<String>.makeStream()
        self.lines = lines
        life = ChildLife(launched.identifier)
        input = launched.input
        life.follow(output: launched.output, continuation)
    }

    deinit { close(input) }

    /// The process identifier.
    package var identifier: Int32 { life.identifier }

    /// Asks the program to stop (SIGTERM).
    package func terminate() { life.signal(SIGTERM) }

    /// Ends the program at once (SIGKILL).
    package func kill() { life.signal(SIGKILL) }

    /// Waits for the end: the exit status, or the negative number of the signal that ended the program.
    package func exitStatus() async -> Int32 { await life.exitStatus() }

    /// A program that runs, and this side's ends of its pipes.
    private struct Launched {
        var identifier: pid_t
        var input: Int32
        var output: Int32
    }

    /// Held from the making of a pipe to the start of its program: what is not marked yet would go to another program
    /// that starts in between, and that pipe would not end before that other program does.
    private static let launching = Mutex(())

    private static func launch(
        _ path: String, _ arguments: [String], log: String
    ) throws(SystemFailure) -> Launched {
        var files: [Int32] = []
        defer { for file in files { close(file) } }
        let errors = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard errors >= 0 else { throw SystemFailure(number: errno) }
        files.append(errors)
        let input = try pipe()
        files += [input.read, input.write]
        let output = try pipe()
        files += [output.read, output.write]
        let spawn = ProgramSpawn(input: input.read, output: output.write, errors: errors)
        let identifier = try spawn.start(path, arguments)
        files = [errors, input.read, output.write]
        return Launched(identifier: identifier, input: input.write, output: output.read)
    }

    private static func pipe() throws(SystemFailure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { throw SystemFailure(number: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// A system call that failed, with its `errno`.
struct SystemFailure: Error {
    let number: Int32
}
