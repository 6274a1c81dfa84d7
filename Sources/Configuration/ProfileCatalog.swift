import Federation

/// The device and radio profiles that are known by name.
public struct ProfileCatalog: Hashable, Sendable {
    /// Devices by name.
    public private(set) var devices: [String: DeviceProfile] = [:]
    /// Radios by name.
    public private(set) var radios: [String: RadioProfile] = [:]
    /// Where each figure comes from, by profile and key, for example `sources["stm32l4"]["active_mw"]`.
    public private(set) var sources: [String: [String: String]] = [:]

    /// Makes an empty catalog.
    public init() {}

    /// The profiles that come with the project, `Profiles/devices.yaml` and `Profiles/radios.yaml`.
    public static func standard() throws(ConfigurationError) -> ProfileCatalog {
        var catalog = ProfileCatalog()
        let files = [("devices.yaml", PackageResources.devices_yaml), ("radios.yaml", PackageResources.radios_yaml)]
        for (name, bytes) in files {
            try catalog.add(YAMLFile.parse(String(decoding: bytes, as: UTF8.self), file: name))
        }
        return catalog
    }

    /// Adds the profiles of a file, in the form of the project's own; a profile of a known name replaces it.
    ///
    /// - Throws: `ConfigurationError` for unknown keys, impossible figures and figures without a source.
    public mutating func add(path: String) throws(ConfigurationError) { try add(YAMLFile.read(path)) }

    /// As `add(path:)`, of a text that messages call `file`.
    public mutating func add(text: String, file: String = "profiles") throws(ConfigurationError) {
        try add(YAMLFile.parse(text, file: file))
    }

    /// The device and the radio of a name such as `stm32l4` or `stm32l4+lora-sf7`.
    ///
    /// - Throws: `ConfigurationError.unknownProfile` that lists what is known.
    public func profile(_ name: String) throws(ConfigurationError) -> LinkedDevice {
        let parts = name.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard let device = devices[parts[0]] else {
            throw .unknownProfile(kind: "device", name: parts[0], hint: Suggestion.hint(parts[0], among: deviceNames))
        }
        guard parts.count > 1 else { return LinkedDevice(device: device, radio: nil) }
        return LinkedDevice(device: device, radio: try radio(parts[1]))
    }

    /// The radio of a name.
    ///
    /// - Throws: `ConfigurationError.unknownProfile` that lists what is known.
    public func radio(_ name: String) throws(ConfigurationError) -> RadioProfile {
        guard let radio = radios[name] else {
            throw .unknownProfile(kind: "radio", name: name, hint: Suggestion.hint(name, among: radioNames))
        }
        return radio
    }

    /// Names of the devices, sorted.
    public var deviceNames: [String] { devices.keys.sorted() }
    /// Names of the radios, sorted.
    public var radioNames: [String] { radios.keys.sorted() }

    private mutating func add(_ top: YAMLValue) throws(ConfigurationError) {
        for (name, value) in try top.namedValues() {
            if value.entry("payload_bytes") == nil {
                let keys = try value.mapping(["summary", "sources"] + DeviceProfile.figures)
                devices[name] = try DeviceProfile(name: name, keys)
                sources[name] = try Self.sources(keys, of: DeviceProfile.figures)
            } else {
                let keys = try value.mapping(["summary", "sources"] + RadioProfile.figures)
                radios[name] = try RadioProfile(name: name, keys)
                sources[name] = try Self.sources(keys, of: RadioProfile.figures)
            }
        }
    }

    private static func sources(
        _ keys: YAMLMapping, of figures: [String]
    ) throws(ConfigurationError) -> [String: String] {
        let cited = try keys.required("sources").mapping(figures)
        var sources: [String: String] = [:]
        for figure in figures where keys[figure] != nil { sources[figure] = try cited.required(figure).text() }
        return sources
    }
}
