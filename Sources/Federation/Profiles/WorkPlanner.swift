/// Gives each kind of device the work that fits it.
///
/// Training takes, in float32, twelve bytes for a trained parameter (weight, gradient, momentum), one for a frozen one,
/// and the activations of one sample from the first trained layer on, for a batch is accumulated sample by sample (what
/// a device of a size can train: Lin et al. 2022, arXiv:2206.15472).
public struct WorkPlanner: Sendable {
    /// Bytes of a trained parameter.
    public static let trainedByteCount = 12
    /// Part of the RAM that training may take.
    public var ramShare = 0.5
    /// Longest time that a round's training may take.
    public var trainingSeconds = 60.0
    /// Rounds of one day, over which a daily cap is spread.
    public var roundsPerDay = 1.0

    private let layers: [LayerWork]
    private let batchSize: Int

    /// Prepares the plans of a model.
    ///
    /// - Parameters:
    ///   - layers: those with parameters, in order; at least one.
    ///   - batchSize: samples of an optimizer step, 1 or more.
    public init(layers: [LayerWork], batchSize: Int) {
        precondition(!layers.isEmpty && batchSize > 0)
        self.layers = layers
        self.batchSize = batchSize
    }

    /// The work of a device: as many of the last layers as its memory holds, the very last in any case, and as many steps
    /// as its time allows, one in any case.
    public func plan(for device: LinkedDevice) -> WorkPlan {
        let room = Int(Double(device.device.ramByteCount) * ramShare)
        let first = layers.indices.first { memory(from: $0) <= room } ?? layers.count - 1
        let step = stepMilliseconds(from: first, on: device.device)
        let budget = device.radio?.up.dailyByteCount.map { max(1, Int(Double($0) / roundsPerDay)) }
        return WorkPlan(
            device: device.name, firstParameter: first == 0 ? 0 : layers[first].firstParameter,
            maximumSteps: max(1, Int(min(trainingSeconds * 1000 / step, 1e9))), updateByteCount: budget)
    }

    /// Time of so many steps of a plan on a device, in milliseconds.
    public func milliseconds(of plan: WorkPlan, steps: Int, on device: DeviceProfile) -> Double {
        let first = layers.firstIndex { $0.firstParameter >= plan.firstParameter } ?? layers.count - 1
        return stepMilliseconds(from: first, on: device) * Double(steps)
    }

    /// Bytes of memory for training the layers from one on.
    public func memory(from first: Int) -> Int {
        let trained = layers[first...].reduce(0) { $0 + $1.parameterCount }
        let frozen = layers[..<first].reduce(0) { $0 + $1.parameterCount }
        let activations = layers[first...].reduce(0) { $0 + $1.activationCount }
        // What is frozen runs in int8, one layer behind the other.
        let passing = layers[..<first].map(\.activationCount).max() ?? 0
        return trained * Self.trainedByteCount + frozen + 4 * activations + passing
    }

    private func stepMilliseconds(from first: Int, on device: DeviceProfile) -> Double {
        let forward = layers.reduce(0) { $0 + $1.macs }
        let backward = 2 * layers[first...].reduce(0) { $0 + $1.macs }
        return device.trainingMilliseconds(macs: (forward + backward) * batchSize)
    }
}
