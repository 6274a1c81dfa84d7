import Configuration
import Federation
import Testing

struct ProfileCatalogTests {
    @Test func knowsEveryProfile() throws {
        let catalog = try ProfileCatalog.standard()
        #expect(
            catalog.deviceNames == [
                "esp32-s3", "nrf52840", "phone", "pi-zero-2", "rp2040", "stm32h7", "stm32l4", "stm32u3", "stm32u5",
            ])
        #expect(catalog.radioNames == ["ble5", "lora-sf7", "lora-sf7-private", "lte-m", "nb-iot", "wifi"])
        let device = try catalog.profile("stm32l4+lora-sf7")
        #expect(device.name == "stm32l4+lora-sf7")
        #expect(device.device.ramByteCount == 640 * 1024)
        #expect(device.radio?.up.dailyByteCount == 18022)
        #expect(try catalog.profile("phone").radio == nil)
    }

    @Test func citesEveryFigure() throws {
        let catalog = try ProfileCatalog.standard()
        for name in catalog.deviceNames {
            #expect(catalog.sources[name]?.count == 6)
        }
        for (profile, sources) in catalog.sources {
            #expect(sources.values.allSatisfy { $0.count > 4 }, "\(profile)")
        }
    }

    @Test(arguments: [
        ("stm32l5", "there is no device profile 'stm32l5'; did you mean 'stm32l4'?"),
        ("phone+lora", "there is no radio profile 'lora'"),
    ]) func saysWhatItKnows(_ name: String, _ words: String) throws {
        let catalog = try ProfileCatalog.standard()
        let error = #expect(throws: ConfigurationError.self) { try catalog.profile(name) }
        #expect(error?.description.hasPrefix(words) == true)
        #expect(error?.description.contains("allowed: ") == true)
    }

    @Test(arguments: [
        ("a: {summary: text, clock: 1}", "unknown key 'clock'"), ("a: 1", "a mapping"),
        ("a: {payload_bytes: 0, summary: s}", "is 0; allowed is 1 to 65535"), ("[]", "should be a mapping"),
        ("a: {payload_bytes: 10, summary: s, frame_overhead_bytes: 1, up: {bits_per_second: 0}}", "above 0"),
        ("a: {summary: s}", "needs the key 'cycles_per_mac'"),
    ]) func refusesWhatIsWrong(_ text: String, _ words: String) {
        var catalog = ProfileCatalog()
        let error = #expect(throws: ConfigurationError.self) { try catalog.add(text: text) }
        #expect(error?.description.contains(words) == true)
    }

    @Test func refusesAFigureWithoutItsSource() {
        var catalog = ProfileCatalog()
        let text = """
            r: {summary: s, payload_bytes: 10, frame_overhead_bytes: 1, up: {bits_per_second: 1, mj_per_kib: 1},
                down: {bits_per_second: 1, mj_per_kib: 1}, sources: {payload_bytes: here, up: there, down: there}}
            """
        let error = #expect(throws: ConfigurationError.self) { try catalog.add(text: text) }
        #expect(error?.description.contains("needs the key 'frame_overhead_bytes'") == true)
    }

    /// The four networks of MLPerf Tiny (Banbury et al. 2021, arXiv:2106.07597), by products of each kind.
    private static let networks: [MACCount] = [
        MACCount(convolution: 2_368_000, depthwise: 288_000, dense: 768),
        MACCount(convolution: 6_690_816, depthwise: 798_336, dense: 512),
        MACCount(convolution: 12_500_992, depthwise: 0, dense: 640),
        MACCount(convolution: 0, depthwise: 0, dense: 264_192),
    ]

    /// Published energy in µJ and time in ms for keyword spotting, visual wake words, image classification and anomaly
    /// detection: MLPerf Tiny v1.1 to v1.3, STMicroelectronics. The rates of stm32u5 are those of stm32u3, so that its
    /// figures check them on networks and a part that they were not fitted to.
    @Test(
        arguments: [
            ("stm32l4", [1431, 3030, 5496, 160], [43.42, 89.43, 165.68, 4.794], 0.17),
            ("stm32u3", [245, 519, 966, 32], [48.30, 98.74, 182.45, 5.410], 0.18),
            ("stm32u5", [664, 1372, 2565, 77], [], 0.20), ("stm32h7", [1376, 2965, 5090, 166], [], 0.20),
        ] as [(String, [Double], [Double], Double)])
    func predictsPublishedFigures(
        _ name: String, _ microjoules: [Double], _ milliseconds: [Double], _ tolerance: Double
    ) throws {
        #expect(Self.networks.map(\.total) == [2_656_768, 7_489_664, 12_501_632, 264_192])
        let device = try ProfileCatalog.standard().profile(name).device
        for (index, macs) in Self.networks.enumerated() {
            let time = device.inferenceMilliseconds(macs)
            let energy = device.millijoules(milliseconds: time) * 1000
            #expect(abs(energy / microjoules[index] - 1) < tolerance, "\(name) \(index): \(energy) µJ")
            guard milliseconds.indices.contains(index) else { continue }
            #expect(abs(time / milliseconds[index] - 1) < tolerance, "\(name) \(index): \(time) ms")
        }
    }
}
