import Foundation

/// A TCP port that nobody uses, for a server that must come back on the same one.
public enum FreePort {
    /// Asks the system for one; nil when it has none. Nothing keeps others from taking it afterwards, but the system
    /// gives a port again only when it has gone through all others.
    public static func find() -> UInt16? {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, size) == 0 && getsockname(file, $0, &size) == 0
            }
        }
        return isNamed ? UInt16(bigEndian: address.sin_port) : nil
    }
}
