extension RunReport {
    /// Airtime and energy by kind of device; nothing where the scenario names no devices.
    var devices: String {
        let head = [
            "device", "clients", "parameters trained", "up", "down", "airtime", "mJ", "float32 airtime", "float32 mJ",
            "all rounds", "float32 all rounds",
        ]
        var text = ""
        for arm in summary.arms {
            guard let devices = arm.devices, !devices.isEmpty else { continue }
            text += Markup.table(
                [head] + devices.map(\.cells),
                caption: "\(arm.name): one client in one round, and all rounds under the daily caps of its radio")
        }
        guard !text.isEmpty else { return "" }
        return "<h2>Devices</h2>\n"
            + "<p class=\"small soft\">Estimated from the published figures of each device and radio; energy is that of "
            + "radio and training.</p>\n" + text
    }
}
