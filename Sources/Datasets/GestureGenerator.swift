import Tensors

/// Motion windows of wearables: six activities of people who differ in style, tempo, orientation, sensor bias, noise
/// and in what they do how often.
///
/// A window is `[3, 64]`: acceleration x, y, z in g with gravity, 2.56 s at 25 Hz, beginning anywhere in the movement.
/// Every client's windows come from a seed of their own, by arithmetic that is the same on every machine: one client's
/// windows can be generated without the others', and do not depend on how many others there are.
public struct GestureGenerator: Sendable {
    /// Shape of a window.
    public static let inputShape = [3, GestureWearer.stepCount]
    /// Most clients that data are generated for.
    public static let maximumClients = 1_000_000

    private let settings: GestureSettings
    private let seed: Seed

    /// Makes a generator.
    ///
    /// - Throws: `DatasetError.invalidSetting` for a setting out of its range.
    public init(_ settings: GestureSettings, seed: Seed) throws(DatasetError) {
        try settings.validate()
        self.settings = settings
        self.seed = seed
    }

    /// The windows of one training client, whose client id is its number, 0..<`maximumClients`.
    public func windows(ofClient client: Int) -> Dataset {
        dataset([Source(person: trainingPerson(client), id: Int32(client))])
    }

    /// The windows of clients 0..<`clients`, one client behind the other.
    ///
    /// - Throws: `DatasetError.tooLarge` or `invalidSetting` where there would be too many.
    public func trainingWindows(clients: Int) throws(DatasetError) -> Dataset {
        guard (1...Self.maximumClients).contains(clients) else {
            throw .invalidSetting("gestures: 1…\(Self.maximumClients) clients, not \(clients)")
        }
        try Self.checkSize("windows of \(clients) clients", clients * settings.maximumWindows)
        return dataset((0..<clients).map { Source(person: trainingPerson($0), id: Int32($0)) })
    }

    /// The windows of people that no client is; their client ids begin at `maximumClients`.
    ///
    /// - Throws: `DatasetError.tooLarge` where there would be too many.
    public func testWindows() throws(DatasetError) -> Dataset {
        try Self.checkSize("test windows", settings.testClients * settings.testWindows)
        return dataset(
            (0..<settings.testClients).map { person in
                Source(person: testPerson(person), id: Int32(Self.maximumClients + person))
            })
    }

    private static func checkSize(_ what: String, _ windows: Int) throws(DatasetError) {
        let limit = Dataset.maximumValueCount / inputShape.reduce(1, *)
        guard windows <= limit else { throw .tooLarge(what: "gestures: \(what)", count: windows, limit: limit) }
    }
}

// MARK: - People

extension GestureGenerator {
    /// A wearer and what they do, in order.
    private struct Person {
        var wearer: GestureWearer
        let labels: [Int32]
    }

    private struct Source {
        var person: Person
        let id: Int32
    }

    private func trainingPerson(_ client: Int) -> Person {
        let personSeed = seed.derived("gestures/client", client)
        var random = SeededRandom(personSeed.derived("labels"))
        let count = settings.minimumWindows + random.below(settings.maximumWindows - settings.minimumWindows + 1)
        let cumulative = cumulativeHabits(&random)
        let labels = (0..<count).map { _ in
            let draw = random.unitFloat() * (cumulative.last ?? 1)
            return Int32(cumulative.firstIndex { draw < $0 } ?? cumulative.count - 1)
        }
        return Person(wearer: GestureWearer(personSeed.derived("motion"), settings), labels: labels)
    }

    private func testPerson(_ person: Int) -> Person {
        let personSeed = seed.derived("gestures/test", person)
        return Person(
            wearer: GestureWearer(personSeed.derived("motion"), settings),
            labels: (0..<settings.testWindows).map { Int32($0 % Gesture.all.count) })
    }

    /// How often the person does each activity, added up; the cube of a uniform draw makes a few of them dominate.
    private func cumulativeHabits(_ random: inout SeededRandom) -> [Float] {
        let skew = Float(settings.labelSkew)
        var sum: Float = 0
        return Gesture.all.map { _ in
            let draw = random.unitFloat()
            sum += (1 - skew) + skew * (0.02 + draw * draw * draw)
            return sum
        }
    }

    private func dataset(_ sources: [Source]) -> Dataset {
        let size = Self.inputShape.reduce(1, *)
        let count = sources.reduce(0) { $0 + $1.person.labels.count }
        let inputs = [Float](unsafeUninitializedCapacity: count * size) { buffer, initialized in
            var row = 0
            for source in sources {
                var wearer = source.person.wearer
                for label in source.person.labels {
                    let target = buffer[(row * size)..<((row + 1) * size)]
                    wearer.window(Int(label), into: UnsafeMutableBufferPointer(rebasing: target))
                    row += 1
                }
            }
            initialized = count * size
        }
        return Dataset(
            inputShape: Self.inputShape, inputs: inputs, labels: sources.flatMap(\.person.labels),
            classCount: Gesture.all.count,
            clientIDs: sources.flatMap { [Int32](repeating: $0.id, count: $0.person.labels.count) },
            classNames: Gesture.all.map(\.name))
    }
}
