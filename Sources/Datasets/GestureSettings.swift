/// How many motion windows the `gestures` generator makes, and how hard they are to tell apart.
public struct GestureSettings: Hashable, Sendable {
    /// The word for this data set in scenario files.
    static let kind = "gestures"

    /// Fewest windows of a training client, at least 1.
    public var minimumWindows = 150
    /// Most windows of a training client, at most 100,000.
    public var maximumWindows = 250
    /// People whose windows no client trains on, 1 to 10,000.
    public var testClients = 20
    /// Windows of each test person, 1 to 100,000; the activities take turns, so that all are as frequent.
    public var testWindows = 60
    /// Factor on the sensor's noise, 0 (none) to 10.
    public var noise = 1.0
    /// Factor on how much people differ in style, tempo, orientation and bias, 0 (not at all) to 2.
    public var diversity = 1.0
    /// How unequally a training client's activities are distributed, 0 (all as frequent) to 1 (some nearly absent).
    public var labelSkew = 1.0

    /// The settings of the quickstart.
    public init() {}

    /// Checks the ranges given above.
    func validate() throws(DatasetError) {
        func check(_ isValid: Bool, _ cause: String) throws(DatasetError) {
            guard isValid else { throw .invalidSetting("gestures: \(cause)") }
        }
        let count = 1...100_000
        try check(
            count.contains(minimumWindows) && count.contains(maximumWindows) && minimumWindows <= maximumWindows,
            "minimum_windows and maximum_windows must be 1…100000 and in order")
        try check((1...10_000).contains(testClients), "test_clients must be 1…10000")
        try check(count.contains(testWindows), "test_windows must be 1…100000")
        try check((0...10).contains(noise), "noise must be 0…10")
        try check((0...2).contains(diversity), "diversity must be 0…2")
        try check((0...1).contains(labelSkew), "label_skew must be 0…1")
    }
}

extension GestureSettings: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind
        case minimumWindows = "minimum_windows"
        case maximumWindows = "maximum_windows"
        case testClients = "test_clients"
        case testWindows = "test_windows"
        case noise, diversity
        case labelSkew = "label_skew"
    }

    /// Reads the mapping of a scenario; what is not given keeps its default, an unknown key is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        minimumWindows = try values.decodeIfPresent(Int.self, forKey: .minimumWindows) ?? minimumWindows
        maximumWindows = try values.decodeIfPresent(Int.self, forKey: .maximumWindows) ?? maximumWindows
        testClients = try values.decodeIfPresent(Int.self, forKey: .testClients) ?? testClients
        testWindows = try values.decodeIfPresent(Int.self, forKey: .testWindows) ?? testWindows
        noise = try values.decodeIfPresent(Double.self, forKey: .noise) ?? noise
        diversity = try values.decodeIfPresent(Double.self, forKey: .diversity) ?? diversity
        labelSkew = try values.decodeIfPresent(Double.self, forKey: .labelSkew) ?? labelSkew
        do {
            try validate()
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    /// Writes all settings.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.kind, forKey: .kind)
        try values.encode(minimumWindows, forKey: .minimumWindows)
        try values.encode(maximumWindows, forKey: .maximumWindows)
        try values.encode(testClients, forKey: .testClients)
        try values.encode(testWindows, forKey: .testWindows)
        try values.encode(noise, forKey: .noise)
        try values.encode(diversity, forKey: .diversity)
        try values.encode(labelSkew, forKey: .labelSkew)
    }
}
