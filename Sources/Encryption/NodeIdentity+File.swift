#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension NodeIdentity {
    /// Writes a new key file with mode 0600: it is there as a whole or not at all, also after a power failure.
    ///
    /// - Throws: `keyFile`; an existing file is never overwritten.
    public func save(to path: String) throws(EncryptionError) {
        do throws(KeyFileProblem) {
            try write(to: path)
        } catch {
            throw .keyFile(path: path, error)
        }
    }

    /// Reads a key file.
    ///
    /// - Throws: `keyFile` when it is missing or damaged, when others than its owner may use it, or when it belongs to
    ///   another user.
    public static func load(from path: String, role: Role) throws(EncryptionError) -> NodeIdentity {
        do throws(KeyFileProblem) {
            return try NodeIdentity(text: String(decoding: read(path), as: UTF8.self), role: role)
        } catch {
            throw .keyFile(path: path, error)
        }
    }

    private func write(to path: String) throws(KeyFileProblem) {
        let temporary = "\(path).\(Hexadecimal.encode(SecretBytes.random(byteCount: 8).exposed())).tmp"
        let file = systemOpen(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(operation: "open", errno: errno) }
        defer { unlink(temporary) }
        do {
            defer { close(file) }
            // The umask can only have taken bits away; the mode is set again so that it is exactly 0600.
            guard fchmod(file, 0o600) == 0 else { throw .system(operation: "fchmod", errno: errno) }
            try Self.writeAll(Array(text.utf8), to: file)
            guard fsync(file) == 0 else { throw .system(operation: "fsync", errno: errno) }
        }
        // A link fails where a rename would replace keys that somebody still needs.
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST ? .exists : .system(operation: "link", errno: errno)
        }
        try Self.syncDirectory(of: path)
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) throws(KeyFileProblem) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw .system(operation: "write", errno: errno) }
            written += max(count, 0)
        }
    }

    private static func syncDirectory(of path: String) throws(KeyFileProblem) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = systemOpen(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(operation: "open directory", errno: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .system(operation: "fsync directory", errno: errno) }
    }

    private static func read(_ path: String) throws(KeyFileProblem) -> [UInt8] {
        let file = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .system(operation: "open", errno: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system(operation: "fstat", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let mode = UInt32(status.st_mode) & 0o7777
        guard mode & ~0o600 == 0 else { throw .permissions(mode) }
        guard status.st_uid == geteuid() else { throw .owner(status.st_uid) }
        var bytes = [UInt8](repeating: 0, count: maximumByteCount + 1)
        let count = systemRead(file, &bytes, bytes.count)
        guard count >= 0 else { throw .system(operation: "read", errno: errno) }
        guard count <= maximumByteCount else { throw .tooLarge(Int(status.st_size)) }
        return Array(bytes.prefix(count))
    }
}
