import Foundation

/// The folder of the data sets.
public enum DataRoot {
    /// The environment variable that names the folder where no flag does.
    public static let variable = "SWIFTLET_DATA"

    /// The folder of a flag, else of the environment; nil when neither names one.
    public static func url(_ flag: String?) -> URL? {
        (flag ?? ProcessInfo.processInfo.environment[variable]).map { URL(fileURLWithPath: $0, isDirectory: true) }
    }
}
