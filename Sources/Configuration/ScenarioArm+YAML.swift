extension ScenarioArm {
    /// The arm as a scenario of its own, with every setting that has a value: two arms that give the same text are the
    /// same experiment.
    public func yaml() throws(ConfigurationError) -> String {
        var entries: [(String, (any Encodable)?)] = [
            ("name", name), ("seed", seed), ("mode", mode.rawValue), ("workers", workers), ("dataset", dataset),
            ("partition", partition), ("clients", clients), ("links", links?.encoded),
        ]
        // A scenario names these under its arms; a federation file has them at the top, as they stand here.
        entries += run.encoded
        return try YAMLText.text(EncodedMapping(entries))
    }
}
