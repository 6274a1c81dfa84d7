import Encryption
import Foundation
import Testing

@Suite struct NodeIdentityTests {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "identity-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func path(_ name: String = "key") -> String { directory.appending(path: name).path }

    func problem(_ body: () throws -> Void) -> KeyFileProblem? {
        do {
            try body()
            return nil
        } catch EncryptionError.keyFile(_, let problem) {
            return problem
        } catch {
            return nil
        }
    }

    @Test(arguments: NodeIdentity.Role.allCases) func loadsWhatItSaved(role: NodeIdentity.Role) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let identity = NodeIdentity.generate(role)
        try identity.save(to: path())
        let mode = try FileManager.default.attributesOfItem(atPath: path())[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["key"])
        let loaded = try NodeIdentity.load(from: path(), role: role)
        #expect(loaded.transport.publicKey == identity.transport.publicKey)
        #expect(loaded.transport.secret == identity.transport.secret)
        #expect(loaded.signing.seed == identity.signing.seed)
        #expect(loaded.signing.sign([1]) == identity.signing.sign([1]))
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o700, 0o666, 0o4600]) func refusesWiderModes(mode: Int) throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try NodeIdentity.generate(.client).save(to: path())
        #expect(chmod(path(), mode_t(mode)) == 0)
        let error = #expect(throws: EncryptionError.self) { try NodeIdentity.load(from: path(), role: .client) }
        #expect(error == .keyFile(path: path(), .permissions(UInt32(mode))))
        #expect(error?.description.contains("chmod 600 \(path())") == true)
    }

    @Test func acceptsReadOnly() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try NodeIdentity.generate(.client).save(to: path())
        #expect(chmod(path(), 0o400) == 0)
        #expect(problem { _ = try NodeIdentity.load(from: path(), role: .client) } == nil)
    }

    @Test func neverOverwrites() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let first = NodeIdentity.generate(.client)
        try first.save(to: path())
        #expect(problem { try NodeIdentity.generate(.client).save(to: path()) } == .exists)
        let loaded = try NodeIdentity.load(from: path(), role: .client)
        #expect(loaded.transport.publicKey == first.transport.publicKey)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["key"])
    }

    @Test func everyTruncationAndBitFlipIsNoticed() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try NodeIdentity.generate(.coordinator).save(to: path())
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path())))
        func refuses(_ damaged: [UInt8]) -> Bool {
            guard let file = FileHandle(forWritingAtPath: path()) else { return false }
            try? file.truncate(atOffset: 0)
            try? file.write(contentsOf: Data(damaged))
            try? file.close()
            return problem { _ = try NodeIdentity.load(from: path(), role: .coordinator) } != nil
        }
        for count in 0..<bytes.count { #expect(refuses(Array(bytes[..<count]))) }
        // A checksum digit in upper case is the one harmless flip, and even that is refused.
        for bit in stride(from: 0, to: 8 * bytes.count, by: 1) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(refuses(flipped), "bit \(bit)")
        }
        #expect(!refuses(bytes))
    }

    @Test func refusesWhatIsNoKeyFile() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        #expect(problem { _ = try NodeIdentity.load(from: directory.path, role: .client) } == .notAFile)
        #expect(
            problem { _ = try NodeIdentity.load(from: path("none"), role: .client) }
                == .system(operation: "open", errno: ENOENT))
        try NodeIdentity.generate(.client).save(to: path())
        #expect(
            problem { _ = try NodeIdentity.load(from: path(), role: .coordinator) }
                == .wrongKind(expected: "swiftlet-coordinator-identity 1"))
        try Data(count: 5000).write(to: URL(fileURLWithPath: path("big")))
        #expect(chmod(path("big"), 0o600) == 0)
        #expect(problem { _ = try NodeIdentity.load(from: path("big"), role: .client) } == .tooLarge(5000))
    }
}
