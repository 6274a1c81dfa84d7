import ArgumentParser
import Foundation
import Nodes
import Privacy

/// `swiftlet-simulate epsilon`.
struct Epsilon: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plan a private run: epsilon, noise or rounds from the other two.",
        discussion: """
            Differential privacy bounds what a run can reveal about any one client: the smaller epsilon, the less. It
            grows with the rounds and with the share of clients per round, and falls as noise is added. Give all but
            one of --epsilon, --noise-multiplier and --rounds; the one that is left out is computed.

              What does a run cost?        epsilon --noise-multiplier 1 --sampling-rate 0.01 --rounds 1000
              How much noise is needed?    epsilon --epsilon 8 --sampling-rate 0.01 --rounds 1000
              How long may it run?         epsilon --epsilon 8 --sampling-rate 0.01 --noise-multiplier 1

            Neighbouring data sets differ by all data of one client.

            Exit codes: 0 done, 64 wrong use of the command line, 78 no plan meets the target.
            """)

    @Option(
        help: ArgumentHelp(
            "How noise is added.",
            discussion: """
                gaussian: every client takes part by chance, with --sampling-rate, and Gaussian noise is added to the \
                sum. gaussian-without-replacement: exactly --sample-size of --population-size clients in every round. \
                gaussian-truncated-poisson: by chance, but never more than --sample-size. tree: DP-FTRL, which needs \
                no sampling; --rounds in one tree, --epochs trees. skellam, ddgauss: each of --clients adds a share of \
                integer noise, so that the coordinator sees sums only. zcdp: a Gaussian by its zCDP bound.
                """))
    var mechanism = EpsilonQuery.Mechanism.gaussian

    @Option(help: "Chance that epsilon does not hold; should be well below 1 / number of clients.")
    var delta = 1e-5

    @Option(help: "The target for epsilon. Leave out to compute it.")
    var epsilon: Double?

    @Option(help: "Deviation of the noise over the clip. Leave out to compute the least.")
    var noiseMultiplier: Double?

    @Option(help: "Rounds of the run; for a tree, its leaves. Leave out to compute the most.")
    var rounds: Int?

    @Option(help: "Chance that a client takes part in a round, 0 to 1.")
    var samplingRate = 1.0

    @Option(help: "Trees that a client takes part in; for a tree alone.")
    var epochs = 1

    @Option(
        help: """
            How losses are added up: rdp is fast and knows every mechanism, pld is tight. Default: the tightest that \
            knows the mechanism.
            """)
    var accountant: Accountant?

    @Option(help: "How pld puts losses on its grid; connectingDots is the tighter one.")
    var lossRounding = LossRounding.connectingDots

    @Option(help: "For skellam and ddgauss: the fewest honest clients whose noise is in a sum.")
    var clients = 1

    @Option(help: "For skellam and ddgauss: coordinates of an update, padding included.")
    var dimension: Int?

    @Option(help: "For skellam and ddgauss: integers per unit of the update.")
    var scale: Double?

    @Option(help: "L2 bound of a client's update.")
    var clip = 1.0

    @Option(help: "For skellam and ddgauss: chance of drawing the rounding of an update again.")
    var roundingBeta = DistributedNoise.defaultRoundingBeta

    @Option(help: "Clients in a round, for the mechanisms that fix it.")
    var sampleSize: Int?

    @Option(help: "Clients in all, for the mechanisms that fix the clients of a round.")
    var populationSize: Int?

    @Flag(help: "Print the plan as JSON.")
    var json = false

    func run() throws {
        let answer: EpsilonAnswer
        do throws(AccountingError) {
            answer = try query.answer()
        } catch {
            switch error {
            case .unreachable, .lossTooWide: throw ExitCode(Console.unmetTarget(error))
            default: throw ValidationError(error.description)
            }
        }
        try Console.show(json ? Console.json(answer) : answer.lines.joined(separator: "\n"))
    }

    private var query: EpsilonQuery {
        var query = EpsilonQuery(mechanism: mechanism, delta: delta)
        query.samplingRate = samplingRate
        query.noiseMultiplier = noiseMultiplier
        query.epsilon = epsilon
        query.rounds = rounds
        query.epochs = epochs
        query.accountant = accountant
        query.lossRounding = lossRounding
        query.clientCount = clients
        query.dimension = dimension
        query.scale = scale
        query.clip = clip
        query.roundingBeta = roundingBeta
        query.sampleSize = sampleSize
        query.populationSize = populationSize
        return query
    }
}

extension EpsilonQuery.Mechanism: ExpressibleByArgument {}
extension Accountant: ExpressibleByArgument {}
extension LossRounding: ExpressibleByArgument {}
