import Encryption
import Messages

/// Everything that the chunks of one update are sealed to; both sides make it from what they know.
package struct UpdateBinding: Sendable {
    package let proof: AnnouncementProof
    package let session: SessionID
    /// Session key of the client.
    package let sender: PublicKeyBytes
    package let resultID: ResultID
    package let byteCount: Int

    package init(
        proof: AnnouncementProof, session: SessionID, sender: PublicKeyBytes, resultID: ResultID, byteCount: Int
    ) {
        self.proof = proof
        self.session = session
        self.sender = sender
        self.resultID = resultID
        self.byteCount = byteCount
    }

    /// The key between a run of a client and an attempt at a round.
    package func key(ours: AgreementKeyPair, theirs: PublicKeyBytes) throws(EncryptionError) -> PayloadKey {
        try PayloadKey(ours: ours, theirs: theirs.bytes, context: proof.federation.bytes + session.bytes)
    }

    package func associatedData(chunk: Int) throws(EncryptionError) -> AssociatedData {
        try AssociatedData(
            protocolVersion: ProtocolLimits.version, federation: proof.federation.bytes, round: proof.round,
            session: session.bytes, phase: .update, sender: sender.bytes, receiver: proof.roundKey.bytes,
            modelHash: proof.modelHash.bytes, parameterHash: proof.parameterHash.bytes, resultID: resultID.bytes,
            chunkIndex: UInt32(chunk), chunkCount: UInt32(ProtocolLimits.chunkCount(of: byteCount)),
            byteCount: UInt64(byteCount))
    }
}
