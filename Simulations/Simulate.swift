import ArgumentParser

/// The program that runs whole federations on one machine.
@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet-simulate",
        abstract: "Run whole federations on one machine and measure what they cost.",
        discussion: """
            A scenario names the data, the clients, the model and one or more arms that are compared, for example
            float32 against int8. Every byte on the connections is counted.

            Exit codes: 0 done, 1 the run failed, 64 wrong use of the command line, 78 a wrong scenario.
            """,
        subcommands: [Run.self, Compare.self, Report.self, Fit.self, Epsilon.self, Codec.self, Worker.self],
        defaultSubcommand: nil)
}
