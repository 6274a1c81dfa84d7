/// The text of a key file: a line with kind and version, one line for each key, and a checksum over the lines before.
///
/// Public keys stand beside the secrets for people; they must match what the secrets give.
extension NodeIdentity {
    static let maximumByteCount = 4096
    private static let checksumByteCount = 8

    static func firstLine(_ role: Role) -> String { "swiftlet-\(role.rawValue)-identity 1" }

    var text: String {
        let body = """
            \(Self.firstLine(role))
            transport-public \(Hexadecimal.encode(transport.publicKey))
            transport-secret \(Hexadecimal.encode(transport.secret.exposed()))
            identity-public \(Hexadecimal.encode(signing.publicKey))
            identity-seed \(Hexadecimal.encode(signing.seed.exposed()))

            """
        return body + "checksum \(Self.checksum(body))\n"
    }

    init(text: String, role: Role) throws(KeyFileProblem) {
        guard text.hasPrefix(Self.firstLine(role) + "\n") else {
            throw .wrongKind(expected: Self.firstLine(role))
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 7, lines[6].isEmpty, lines[5].hasPrefix("checksum ") else { throw .damaged }
        let body = lines[..<5].joined(separator: "\n") + "\n"
        guard lines[5] == "checksum \(Self.checksum(body))" else { throw .damaged }
        let transportPublic = try Self.field(lines[1], "transport-public")
        let transportSecret = try Self.field(lines[2], "transport-secret")
        let identityPublic = try Self.field(lines[3], "identity-public")
        let identitySeed = try Self.field(lines[4], "identity-seed")
        self.init(
            role: role, transport: AgreementKeyPair(validSecret: SecretBytes(transportSecret)),
            signing: SigningKeyPair(validSeed: SecretBytes(identitySeed)))
        guard transport.publicKey == transportPublic, signing.publicKey == identityPublic else { throw .damaged }
    }

    private static func field(_ line: Substring, _ name: String) throws(KeyFileProblem) -> [UInt8] {
        guard line.hasPrefix(name + " "),
            let bytes = Hexadecimal.decode(line.dropFirst(name.utf8.count + 1), byteCount: KeySize.key)
        else { throw .damaged }
        return bytes
    }

    private static func checksum(_ body: String) -> String {
        Hexadecimal.encode(Array(Blake2b256.hash(Array(body.utf8)).prefix(checksumByteCount)))
    }
}
