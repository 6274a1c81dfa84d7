import ArgumentParser

/// The client's program.
@main
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet-client",
        abstract: "Take part in a federation: train on local data, which never leave this device.",
        discussion: """
            With a token from the coordinator's operator:
              swiftlet-client join TOKEN --state ./client
              swiftlet-client run --config ./client/client.yaml

            Or make keys with 'swiftlet-client keygen' and give the transport key to the operator.

            Exit codes: 0 the federation is complete or the client was stopped, 1 it failed or was refused, 64 wrong
            use of the command line, 78 a wrong configuration.
            """,
        subcommands: [Run.self, KeyGeneration.self, Join.self, Infer.self, Verify.self])
}
