extension NamedFolder {
    private static let activities = [
        "WALKING", "WALKING_UPSTAIRS", "WALKING_DOWNSTAIRS", "SITTING", "STANDING", "LAYING",
    ]
    private static let stepCount = 128
    private static let channelCount = 6
    /// Physical units per sensor count: acceleration in g, then angular rate in rad/s.
    private static let units: [Double] =
        Array(repeating: 1.0 / 720, count: 3)
        + Array(repeating: 0.0175 * Double.pi / 180, count: 3)

    /// UCI HAR version 2 (raw signals): windows `[6, 128]`, acceleration x, y, z in g (gravity included), then
    /// angular rate x, y, z in rad/s, at 50 Hz.
    ///
    /// Only the six activities are kept; the postural transitions (labels 6 to 11) are dropped. The client id is the
    /// person, 1 to 30; the nine people of the test part have no windows in the training part.
    func activityWindows(test: Bool) throws(DatasetError) -> Dataset {
        let prefix = test ? "test" : "train"
        let windows = try idx("\(prefix)-windows-idx3-int16")
        let labelFile = try idx("\(prefix)-labels-idx1-ubyte")
        let personFile = try idx("\(prefix)-subjects-idx1-ubyte")
        try windows.expectSamples(shape: [Self.stepCount, Self.channelCount], element: .int16)
        try labelFile.expectCount(of: windows)
        try personFile.expectCount(of: windows)
        let labels = try labelFile.integers("label", in: 0...11)
        let people = try personFile.integers("person", in: 1...30)
        let kept = labels.indices.filter { labels[$0] < Self.activities.count }
        return Dataset(
            inputShape: [Self.channelCount, Self.stepCount], inputs: channelFirst(try windows.floats(), kept: kept),
            labels: kept.map { labels[$0] }, classCount: Self.activities.count, clientIDs: kept.map { people[$0] },
            classNames: Self.activities)
    }

    /// Counts `[window, step, channel]` to physical units `[kept window, channel, step]`.
    private func channelFirst(_ counts: [Float], kept: [Int]) -> [Float] {
        let (steps, channels) = (Self.stepCount, Self.channelCount)
        let size = steps * channels
        let scales = Self.units.map { Float($0) }
        return [Float](unsafeUninitializedCapacity: kept.count * size) { buffer, initialized in
            for (row, window) in kept.enumerated() {
                for channel in 0..<channels {
                    let start = row * size + channel * steps
                    for step in 0..<steps {
                        let value = counts[window * size + step * channels + channel] * scales[channel]
                        buffer.initializeElement(at: start + step, to: value)
                    }
                }
            }
            initialized = kept.count * size
        }
    }
}
