import CZeroMQ
import Messages

/// A CURVE key pair as the transport uses it.
public struct CurveKeys: Sendable {
    /// 32 bytes; by it the peer is known.
    public let publicKey: PeerID
    let secretKey: [UInt8]

    /// Takes a key pair, 32 bytes each.
    ///
    /// - Throws: `keyLength`.
    public init(publicKey: [UInt8], secretKey: [UInt8]) throws(TransportError) {
        guard let identity = PeerID(publicKey) else { throw .keyLength("public key", publicKey.count) }
        guard secretKey.count == 32 else { throw .keyLength("secret key", secretKey.count) }
        self.publicKey = identity
        self.secretKey = secretKey
    }

    /// A new key pair.
    ///
    /// - Throws: `noCurve`.
    public static func generate() throws(TransportError) -> CurveKeys {
        var publicText = [CChar](repeating: 0, count: 41)
        var secretText = [CChar](repeating: 0, count: 41)
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secretKey = [UInt8](repeating: 0, count: 32)
        guard zmq_curve_keypair(&publicText, &secretText) == 0, zmq_z85_decode(&publicKey, publicText) != nil,
            zmq_z85_decode(&secretKey, secretText) != nil
        else { throw .noCurve }
        return try CurveKeys(publicKey: publicKey, secretKey: secretKey)
    }
}

extension CurveKeys: CustomStringConvertible, CustomReflectable {
    /// The public key; the secret is never printed.
    public var description: String { "CURVE key \(publicKey)" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
