import Foundation

/// The time of day, against which only the expiry of tokens is held.
public enum WallClock {
    /// Seconds since 1970.
    public static var seconds: UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }
}
