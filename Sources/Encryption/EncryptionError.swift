/// Why a cryptographic operation, a key file or a token was refused. Never carries secrets.
public enum EncryptionError: Error, Hashable, Sendable {
    /// libsodium could not be initialised.
    case sodiumUnavailable
    /// A byte string has another length than its kind demands, in bytes.
    case wrongLength(String, expected: Int, actual: Int)
    /// The other side's X25519 key is a low-order point: the shared secret would be known to everybody.
    case lowOrderPoint
    /// Tag, key or associated data do not match: the message was changed, or is not for here.
    case authenticationFailed
    /// Another plaintext was sealed before under the same associated data; sealing this one would reuse a nonce.
    case plaintextChanged
    /// A Z85 text has a wrong length or character.
    case invalidZ85
    /// A key file cannot be read, written or trusted.
    case keyFile(path: String, KeyFileProblem)
    /// An enrolment token is not usable.
    case token(TokenProblem)
}

/// What is wrong with a key file.
public enum KeyFileProblem: Error, Hashable, Sendable {
    /// A system call failed, with its `errno`.
    case system(operation: String, errno: Int32)
    /// The path is not a regular file.
    case notAFile
    /// Others than the owner may use the file; holds the permission bits.
    case permissions(UInt32)
    /// The file belongs to another user; holds the user id.
    case owner(UInt32)
    /// The file is larger than any key file, in bytes.
    case tooLarge(Int)
    /// The first line names another kind or version; holds what was expected.
    case wrongKind(expected: String)
    /// A line is missing, repeated or damaged, or the checksum does not match.
    case damaged
    /// A key file is there already; it is never overwritten.
    case exists
}

/// What is wrong with an enrolment token.
public enum TokenProblem: Hashable, Sendable {
    /// It is not the text of a token, or was damaged on the way.
    case malformed
    /// It expired, at this time in seconds since 1970.
    case expired(at: UInt64)
}

extension EncryptionError: CustomStringConvertible {
    /// What was wrong and what to do.
    public var description: String {
        switch self {
        case .sodiumUnavailable: "libsodium could not be initialised; install libsodium 1.0.18 or later"
        case .wrongLength(let what, let expected, let actual):
            "\(what) must have \(expected) bytes but has \(actual)"
        case .lowOrderPoint: "the peer's X25519 key is a low-order point; refuse this peer"
        case .authenticationFailed: "authentication failed: the message was altered or is meant for someone else"
        case .plaintextChanged: "a different payload was sealed under the same identifiers; give it its own result id"
        case .invalidZ85: "not a Z85 text; a key is 40 characters long"
        case .keyFile(let path, let problem): "key file \(path): \(problem.advice(path))"
        case .token(.malformed):
            "the enrolment token is damaged; copy the whole line that starts with swiftlet-token-v1"
        case .token(.expired(let time)):
            "the enrolment token expired at unix time \(time); ask the operator for a new one"
        }
    }
}

extension KeyFileProblem {
    fileprivate func advice(_ path: String) -> String {
        switch self {
        case .system(let operation, let errno): "\(operation) failed with errno \(errno)"
        case .notAFile: "not a regular file"
        case .permissions(let mode):
            "its mode is \(String(mode, radix: 8)), so others could use the keys; run: chmod 600 \(path)"
        case .owner(let user): "it belongs to user \(user); give it to the user that runs this program (chown)"
        case .tooLarge(let byteCount): "\(byteCount) bytes are too many for a key file; check the path"
        case .wrongKind(let expected): "its first line is not '\(expected)'; check the path"
        case .damaged: "it is damaged; restore it from a backup, or create new keys and enrol again"
        case .exists: "it exists already and is not overwritten; move it away first"
        }
    }
}
