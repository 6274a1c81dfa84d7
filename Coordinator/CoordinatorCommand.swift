import ArgumentParser

/// The coordinator's program.
@main
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet-coordinator",
        abstract: "Coordinate a federation: send the model out, gather updates, publish new versions.",
        discussion: """
            To begin:
              swiftlet-coordinator init --config federation.yaml
              swiftlet-coordinator approve --config federation.yaml --token --endpoint tcp://my-host:7000
              swiftlet-coordinator serve --config federation.yaml

            Each token lets one client join: swiftlet-client join TOKEN --config client.yaml

            Exit codes: 0 all rounds are published, 1 it failed, 64 wrong use of the command line, 75 stopped before
            the last round (start it again and it goes on), 78 a wrong configuration.
            """,
        subcommands: [Initialize.self, Serve.self, Approve.self, Revoke.self, Clients.self, Export.self])
}

/// The option that all subcommands share.
struct ConfigurationOption: ParsableArguments {
    @Option(help: "The federation's configuration, such as Deploy/examples/federation.yaml.", completion: .file())
    var config: String
}
