/// What the coordinator holds at most.
public struct CoordinatorLimits: Hashable, Sendable {
    /// Bytes of earlier versions that are kept to make differences against; the newest version is always kept.
    public var historyByteCount: Int
    /// Updates of several chunks that are received at the same time; the others wait.
    public var concurrentUploads: Int
    /// Waiting updates of which the first chunk is kept; of others it is asked for again.
    public var keptFirstChunks: Int
    /// An upload without progress for this long makes room for one that waits.
    public var uploadStall: Duration
    /// Bytes of the last updates of clients that are kept, in memory and in each record, to predict the next ones by.
    public var predictionByteCount: Int
    /// How often a client may ask for the whole model in one session.
    public var modelRequests: Int

    /// Makes the value from its fields.
    public init(
        historyByteCount: Int = 64 << 20, concurrentUploads: Int = 4, keptFirstChunks: Int = 32,
        uploadStall: Duration = .seconds(30), modelRequests: Int = 3, predictionByteCount: Int = 32 << 20
    ) {
        self.historyByteCount = historyByteCount
        self.concurrentUploads = concurrentUploads
        self.keptFirstChunks = keptFirstChunks
        self.uploadStall = uploadStall
        self.modelRequests = modelRequests
        self.predictionByteCount = predictionByteCount
    }
}
