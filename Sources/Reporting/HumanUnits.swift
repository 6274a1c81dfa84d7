/// Numbers as people read them, each in a bounded number of characters.
public enum HumanUnits {
    private static let byteUnits = ["kB", "MB", "GB", "TB", "PB", "EB"]

    /// Bytes in decimal units with three significant digits: `512 B`, `1.23 kB`, `45.6 MB`; 7 characters at most.
    public static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        var unit = 0
        while value >= 999.5, unit + 1 < byteUnits.count {
            value /= 1000
            unit += 1
        }
        return threeDigits(value) + " " + byteUnits[unit]
    }

    /// A fraction in percent: `96.54%`, `100.0%`; 6 characters at most.
    public static func percent(_ fraction: Double) -> String {
        let percent = fraction * 100
        return decimal(percent, places: percent >= 99.995 ? 1 : 2) + "%"
    }

    /// A factor: `0.95×`, `3.98×`, `12.3×`, `358×`, `12k×`; 5 characters up to a million.
    public static func factor(_ value: Double) -> String {
        value < 9999.5 ? threeDigits(value) + "×" : decimal(value / 1000, places: 0) + "k×"
    }

    /// A duration in two units: `0.4s`, `12s`, `3m05s`, `1h02m`, `2d03h`; whole days
    /// from 100 on. 6 characters up to 99,999 days.
    public static func duration(_ duration: Duration) -> String {
        let seconds = max(duration / .seconds(1), 0)
        if seconds < 9.95 { return decimal(seconds, places: 1) + "s" }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<60: return "\(whole)s"
        case ..<3600: return "\(whole / 60)m\(twoDigits(whole % 60))s"
        case ..<86400: return "\(whole / 3600)h\(twoDigits(whole % 3600 / 60))m"
        case ..<(100 * 86400): return "\(whole / 86400)d\(twoDigits(whole % 86400 / 3600))h"
        default: return "\(whole / 86400)d"
        }
    }

    /// A privacy loss, with two decimals below 100, rounded up: never less than what was spent.
    public static func epsilon(_ value: Double) -> String {
        let places = value < 99.985 ? 2 : 0
        let scale = places == 2 ? 100.0 : 1
        return decimal((value * scale - 1e-9).rounded(.up) / scale, places: places)
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func threeDigits(_ value: Double) -> String {
        decimal(value, places: value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
    }

    /// A number of 0 or more, rounded to `places` decimals; `?` for what is no such number.
    private static func decimal(_ value: Double, places: Int) -> String {
        guard value >= 0, value < 1e15 else { return "?" }
        let scale = [1, 10, 100][places]
        let scaled = Int((value * Double(scale)).rounded())
        guard places > 0 else { return "\(scaled)" }
        let fraction = scaled % scale
        return "\(scaled / scale)." + (places == 2 ? twoDigits(fraction) : "\(fraction)")
    }
}
