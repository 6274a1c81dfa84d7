/// Which endpoints are served: `tcp://` and `ipc://`, and nothing else that libzmq would accept.
enum Endpoint {
    static func validate(_ endpoint: String) throws(TransportError) {
        let rest = ["tcp://", "ipc://"].lazy.filter { endpoint.hasPrefix($0) }.map { endpoint.dropFirst($0.count) }
            .first
        guard let rest, !rest.isEmpty, endpoint.utf8.count <= 512, !endpoint.utf8.contains(0) else {
            throw .unsupportedEndpoint(endpoint)
        }
        if endpoint.hasPrefix("tcp://") {
            guard let colon = rest.lastIndex(of: ":"), colon != rest.startIndex else {
                throw .unsupportedEndpoint(endpoint)
            }
            let port = rest[rest.index(after: colon)...]
            guard port == "*" || UInt16(port) != nil else { throw .unsupportedEndpoint(endpoint) }
        }
    }

    static func needsIPv6(_ endpoint: String) -> Bool { endpoint.contains("[") }
}
