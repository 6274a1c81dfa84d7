import Configuration
import Federation
import Reporting
import Tensors
import Training

/// What the rounds of an arm take of its clients' devices, by their profiles.
struct DeviceCosts {
    private struct Sum {
        var clients: Set<Int> = []
        var clientRounds = 0
        var bytes = WireByteCount.zero
        var effort = DeviceEffort()
    }

    private let devices: [LinkedDevice]
    private let plans: [WorkPlan]
    private let planner: WorkPlanner
    private let local: LocalPlan
    private let parameterCount: Int
    private var sums: [String: Sum] = [:]

    /// Prepares an arm; nil without devices.
    init?(_ settings: RunSettings, spec: ModelSpec) throws(TrainingError) {
        guard let plans = try FederationPlan.work(settings, spec) else { return nil }
        devices = settings.devices
        self.plans = plans
        planner = WorkPlanner(layers: try spec.layerWork(), batchSize: settings.local.batchSize)
        local = settings.local
        parameterCount = try spec.layout().count
    }

    /// Takes note of a round.
    ///
    /// - Parameter samples: mean of the samples that a client trained on.
    /// - Returns: the mean over the clients that exchanged something; nil where none did.
    mutating func note(_ clients: [ClientRound], samples: Int) -> DeviceEffort? {
        var total = DeviceEffort()
        let active = clients.filter { !$0.legs.isEmpty }
        for client in active {
            let kind = client.client % devices.count
            let effort = effort(client, kind, samples: samples)
            total += effort
            sums[devices[kind].name, default: Sum()].clients.insert(client.client)
            sums[devices[kind].name]?.clientRounds += 1
            sums[devices[kind].name]?.bytes += client.legs.byteCount
            sums[devices[kind].name]?.effort += effort
        }
        return active.isEmpty ? nil : total / active.count
    }

    private func effort(_ client: ClientRound, _ kind: Int, samples: Int) -> DeviceEffort {
        let device = devices[kind]
        var effort = DeviceEffort()
        if client.outcome == .accepted || client.outcome == .rejected {
            let steps = local.epochs * ((samples + local.batchSize - 1) / local.batchSize)
            let time = planner.milliseconds(
                of: plans[kind], steps: min(max(steps, 1), plans[kind].maximumSteps), on: device.device)
            effort.trainingMillijoules = device.device.millijoules(milliseconds: time)
        }
        guard let radio = device.radio else { return effort }
        let bytes = client.legs.byteCount
        for (count, way) in [(bytes.up, \RadioProfile.up), (bytes.down, \RadioProfile.down)] {
            let transfer = radio.transfer(count, way)
            effort.airtimeSeconds += transfer.airtimeSeconds
            effort.radioMillijoules += transfer.millijoules
            let float = radio.transfer(4 * parameterCount, way)
            effort.float32AirtimeSeconds += float.airtimeSeconds
            effort.float32RadioMillijoules += float.millijoules
        }
        effort.radioMillijoules += radio.connectionMillijoules
        effort.float32RadioMillijoules += radio.connectionMillijoules
        return effort
    }

    /// What each kind of device came to, in the order of the scenario.
    var summaries: [DeviceSummary] {
        var names: [String] = []
        var result: [DeviceSummary] = []
        for (device, plan) in zip(devices, plans) where !names.contains(device.name) {
            names.append(device.name)
            guard let sum = sums[device.name], sum.clientRounds > 0 else { continue }
            let (up, down) = (sum.bytes.up / sum.clientRounds, sum.bytes.down / sum.clientRounds)
            let rounds = Double(sum.clientRounds) / Double(sum.clients.count)
            func days(_ up: Int, _ down: Int) -> Double? {
                device.radio.map { rounds * max($0.transfer(up, \.up).days, $0.transfer(down, \.down).days) }
            }
            result.append(
                DeviceSummary(
                    device: device.name, clients: sum.clients.count,
                    trainedParameters: parameterCount - plan.firstParameter, maximumSteps: plan.maximumSteps,
                    upBytesPerRound: up, downBytesPerRound: down, perClientRound: sum.effort / sum.clientRounds,
                    days: days(up, down), float32Days: days(4 * parameterCount, 4 * parameterCount)))
        }
        return result
    }
}
