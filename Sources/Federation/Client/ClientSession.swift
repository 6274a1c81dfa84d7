import Encryption
import Messages

/// One attempt at a round, seen from a client of its cohort.
struct ClientSession: Sendable {
    enum Stage: Hashable, Sendable {
        case downloading
        case training
        case sending
        /// The coordinator has answered, or the client takes no part.
        case over
    }

    let id: SessionID
    var announcement: CoordinatorMessage.RoundAnnouncement
    let proof: AnnouncementProof
    /// On the client's clock.
    let deadline: Duration
    var stage = Stage.downloading
    /// Encoded model so far.
    var bytes: [UInt8] = []
    var nextChunk = 0
    var requests = 0
    var payloadKey: PayloadKey?
    var resultID: ResultID?
    /// Nil in the visible lane.
    var masked: MaskedSession?

    var chunkCount: Int { ProtocolLimits.chunkCount(of: announcement.byteCount) }
    var isDownloaded: Bool { nextChunk == chunkCount }

    /// Where the download goes on after a new connection; nil: ask for the announcement.
    var resumePoint: ResumePoint? {
        switch stage {
        case .downloading: nextChunk > 0 ? ResumePoint(session: id, nextChunk: nextChunk) : nil
        case .training, .sending: ResumePoint(session: id, nextChunk: chunkCount)
        case .over: nil
        }
    }

    /// Begins the download anew, with another encoding of the same model.
    mutating func restart(_ announcement: CoordinatorMessage.RoundAnnouncement) {
        self.announcement = announcement
        bytes = []
        nextChunk = 0
    }

    /// Takes the next chunk; false when it does not fit.
    mutating func take(_ chunk: [UInt8], at index: Int) -> Bool {
        guard stage == .downloading, index == nextChunk, index < chunkCount,
            chunk.count == ProtocolLimits.chunkRange(index, of: announcement.byteCount).count
        else { return false }
        bytes += chunk
        nextChunk += 1
        return true
    }
}
