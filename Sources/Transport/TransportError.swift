/// Why a channel could not be opened.
public enum TransportError: Error, Hashable, Sendable {
    /// The endpoint is neither `tcp://host:port` nor `ipc://path`.
    case unsupportedEndpoint(String)
    /// A key does not have 32 bytes.
    case keyLength(String, Int)
    /// This libzmq was built without CURVE.
    case noCurve
    /// A setting is out of its range.
    case invalidSetting(String)
    /// A call of libzmq or of the system failed, with its `errno` and the text of libzmq for it.
    case failed(operation: String, errno: Int32, text: String)
}

extension TransportError: CustomStringConvertible {
    /// What was wrong and what to do.
    public var description: String {
        switch self {
        case .unsupportedEndpoint(let endpoint):
            "'\(endpoint)' is not an endpoint; write tcp://host:port or ipc:///path"
        case .keyLength(let name, let count): "the CURVE \(name) must have 32 bytes but has \(count)"
        case .noCurve: "this libzmq has no CURVE; install one that is built with libsodium"
        case .invalidSetting(let name): "transport setting \(name) is out of range"
        case .failed(let operation, let errno, let text): "\(operation) failed: \(text) (errno \(errno))"
        }
    }
}
