import Configuration
import Federation
import Reporting
import Tensors

/// The link of every client of an arm, drawn by the seed: how long the bytes of a round would take.
struct ClientLinks {
    private let models: [LinkModel]
    /// Of each client, as a position in `models`.
    private let kinds: [Int]

    /// Deals the kinds of a plan to the clients: every kind gets its share of them, who gets which is up to the seed.
    init(_ plan: LinkPlan, clients: Int, seed: UInt64) {
        models = plan.kinds.map { kind in
            LinkModel(
                Link(
                    upKilobitsPerSecond: kind.upKilobitsPerSecond, downKilobitsPerSecond: kind.downKilobitsPerSecond,
                    latencyMilliseconds: kind.latencyMilliseconds, loss: kind.loss))
        }
        var dealt: [Int] = []
        var share = 0.0
        for (index, kind) in plan.kinds.enumerated() {
            share += kind.share
            let end = index == plan.kinds.count - 1 ? clients : Int((share * Double(clients)).rounded())
            while dealt.count < end { dealt.append(index) }
        }
        var random = SeededRandom(Seed(seed).derived("links"))
        random.shuffle(&dealt)
        kinds = dealt
    }

    /// Expected time of a client's turn, one leg each way; training is not in it.
    var turnTime: TurnTime {
        { [models, kinds] client, down, up in
            models[kinds[client % kinds.count]].seconds([
                WireLeg(isUp: false, byteCount: down), WireLeg(isUp: true, byteCount: up),
            ])
        }
    }

    /// Expected time of a client's messages on its link, in seconds; training is not in it.
    ///
    /// The answer to the update is left out: nobody waits for it.
    func seconds(_ client: ClientRound) -> Double {
        var legs = client.legs
        if client.outcome == .accepted, legs.last?.isUp == false { legs.removeLast() }
        return models[kinds[client.client]].seconds(legs)
    }
}
