import Foundation

/// Notices the end of the process that started this one.
public enum ParentWatch {
    /// Returns when standard input ends, which a pipe does when its last writer is gone.
    public static func standardInputEnded() async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                var byte: UInt8 = 0
                while true {
                    let count = read(STDIN_FILENO, &byte, 1)
                    if count > 0 || (count < 0 && errno == EINTR) { continue }
                    break
                }
                continuation.resume()
            }
            thread.stackSize = 1 << 16
            thread.start()
        }
    }
}
