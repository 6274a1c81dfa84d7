import Federation

extension ScenarioArm {
    /// Every setting of the arm that has a value, the compression among them: two arms that give the same text are the
    /// same experiment. For people and for comparison; a scenario has the compression under its arms.
    public func yaml() throws(ConfigurationError) -> String {
        var entries: [(String, (any Encodable)?)] = [
            ("name", name), ("seed", seed), ("mode", mode.rawValue), ("workers", workers), ("dataset", dataset),
            ("partition", partition), ("clients", clients), ("links", links?.encoded),
            ("export", exports.isEmpty ? nil : exports.map(\.name)),
        ]
        entries += run.encoded
        return try YAMLText.text(EncodedMapping(entries))
    }
}
