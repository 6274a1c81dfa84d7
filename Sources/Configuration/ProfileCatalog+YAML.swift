import Federation
import Yams

extension DeviceProfile {
    static let figures = [
        "clock_mhz", "ram_kib", "flash_kib", "cycles_per_mac", "float_cycles_per_mac", "active_mw",
    ]

    init(name: String, _ keys: YAMLMapping) throws(ConfigurationError) {
        let rates = try keys.required("cycles_per_mac").mapping(["convolution", "depthwise", "dense"])
        self.init(
            name: name, summary: try keys.required("summary").text(),
            clockMegahertz: try keys.positive("clock_mhz"), ramByteCount: try keys.kibibytes("ram_kib"),
            flashByteCount: try keys.kibibytes("flash_kib"),
            cyclesPerMAC: PerLayerKind(
                convolution: try rates.positive("convolution"), depthwise: try rates.positive("depthwise"),
                dense: try rates.positive("dense")),
            floatCyclesPerMAC: try keys.positive("float_cycles_per_mac"),
            activeMilliwatts: try keys.positive("active_mw"))
    }
}

extension RadioProfile {
    static let figures = ["payload_bytes", "frame_overhead_bytes", "connection_mj", "up", "down"]

    init(name: String, _ keys: YAMLMapping) throws(ConfigurationError) {
        self.init(
            name: name, summary: try keys.required("summary").text(),
            payloadByteCount: try keys.required("payload_bytes").integer(1...65_535),
            frameOverheadByteCount: try keys.required("frame_overhead_bytes").integer(0...65_535),
            connectionMillijoules: try keys.read("connection_mj", or: 0) { value throws(ConfigurationError) in
                try value.number(above: 0, upTo: 1e9)
            },
            up: try Direction(keys.required("up")), down: try Direction(keys.required("down")))
    }
}

extension RadioProfile.Direction {
    init(_ value: YAMLValue) throws(ConfigurationError) {
        let keys = try value.mapping(["bits_per_second", "mj_per_kib", "daily_bytes"])
        self.init(
            bitsPerSecond: try keys.positive("bits_per_second"), millijoulesPerKiB: try keys.positive("mj_per_kib"),
            dailyByteCount: try keys.read("daily_bytes") { value throws(ConfigurationError) in
                try value.integer(1...1 << 40)
            })
    }
}

extension YAMLMapping {
    fileprivate func positive(_ key: String) throws(ConfigurationError) -> Double {
        try required(key).number(above: 0, upTo: 1e12)
    }

    fileprivate func kibibytes(_ key: String) throws(ConfigurationError) -> Int {
        try required(key).integer(1...1 << 40) * 1024
    }
}

extension YAMLValue {
    /// A list of devices by name, each with its radio where it has one.
    func linkedDevices() throws(ConfigurationError) -> [LinkedDevice] {
        let catalog = try ProfileCatalog.standard()
        var devices: [LinkedDevice] = []
        for value in try list() {
            let name = try value.text(upTo: 100)
            do throws(ConfigurationError) { devices.append(try catalog.profile(name)) } catch {
                throw value.failure("\(error)")
            }
        }
        guard (1...100_000).contains(devices.count) else {
            throw failure("has \(devices.count) devices; allowed are 1 to 100000")
        }
        return devices
    }

    /// The values of a mapping whose keys are free names.
    func namedValues() throws(ConfigurationError) -> [(String, YAMLValue)] {
        guard case .mapping(let mapping) = node else { throw failure("should be a mapping; it is \(shown)") }
        var values: [(String, YAMLValue)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty else { throw failure("a name is missing", at: key) }
            values.append((name, child(name, value)))
        }
        return values
    }
}
