import Foundation

/// The largest resident set that this process has had.
public enum PeakMemory {
    /// Bytes, from `getrusage`.
    public static var byteCount: Int {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return Int(usage.ru_maxrss) * 1024
    }
}
