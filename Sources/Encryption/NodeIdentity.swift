/// The long-lived keys of one client or coordinator.
public struct NodeIdentity: Sendable {
    /// Which kind of node the keys belong to.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        case client, coordinator
        /// Signs rosters, and may stay offline.
        case root
    }

    /// Whose keys these are.
    public let role: Role
    /// The CURVE key pair of the transport.
    public let transport: AgreementKeyPair
    /// The Ed25519 identity.
    public let signing: SigningKeyPair

    /// Puts existing keys together.
    public init(role: Role, transport: AgreementKeyPair, signing: SigningKeyPair) {
        self.role = role
        self.transport = transport
        self.signing = signing
    }

    /// New keys.
    public static func generate(_ role: Role) -> NodeIdentity {
        NodeIdentity(role: role, transport: .generate(), signing: .generate())
    }
}
