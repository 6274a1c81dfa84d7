import Encryption
import Messages
import Transport

/// Joins a federation with a one-time token.
public enum Enrolment {
    /// Connects with the token's key and tells the coordinator which keys this client will use from now on.
    ///
    /// - Parameters:
    ///   - name: what operators will call this client.
    ///   - patience: how long to wait for the coordinator.
    /// - Returns: the federation and the client's number in it.
    /// - Throws: `NodeError.refused` with the coordinator's reason, or when it does not answer in time; `.corrupt` when
    ///   the coordinator is not the one that the token names.
    public static func join(
        _ token: EnrolmentToken, as identity: NodeIdentity, name: String, patience: Duration = .seconds(30)
    ) async throws -> CoordinatorMessage.Enrolled {
        guard let serverKey = PeerID(token.coordinatorTransportKey) else {
            throw NodeError.corrupt("the token holds no transport key")
        }
        let group = try DealerGroup(settings: TransportSettings())
        let channel = try group.connect(to: token.endpoint, serverKey: serverKey, keys: CurveKeys(token.tokenKey))
        let request = ClientMessage.Join(
            transportKey: PeerID(unchecked: identity.transport.publicKey),
            identityKey: PublicKeyBytes(unchecked: identity.signing.publicKey), name: name)
        let clock = Task {
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            await channel.close()
        }
        defer { clock.cancel() }
        let answer = try await ask(request, over: channel, serverKey: serverKey)
        await channel.close()
        guard answer.coordinatorIdentity.bytes == token.coordinatorIdentity else {
            throw NodeError.corrupt("the coordinator's identity is not the one of the token; do not use this token")
        }
        return answer
    }

    private static func ask(
        _ request: ClientMessage.Join, over channel: any Channel, serverKey: PeerID
    ) async throws -> CoordinatorMessage.Enrolled {
        while let event = await channel.events.next() {
            switch event {
            case .connected:
                try await channel.send(FramedMessage(ClientMessage.join(request)).frames(), to: serverKey)
            case .received(_, let frames):
                switch try FramedMessage<CoordinatorMessage>(frames: frames).message {
                case .enrolled(let enrolled): return enrolled
                case .refusal(let refusal): throw NodeError.refused("the coordinator refuses: \(refusal.detail)")
                default: continue
                }
            case .disconnected, .overhead: continue
            }
        }
        throw NodeError.refused(
            "no answer from the coordinator: it is not reachable, or the token was used or has expired")
    }
}
