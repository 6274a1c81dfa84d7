import Reporting
import Testing

struct LinkModelTests {
    private static func model(
        up: Double = 1000, down: Double = 1000, latency: Double = 0, loss: Double = 0
    ) -> LinkModel {
        LinkModel(
            Link(
                upKilobitsPerSecond: up, downKilobitsPerSecond: down, latencyMilliseconds: latency, loss: loss))
    }

    private static func near(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-9 }

    @Test(arguments: [1, 1448, 1449, 100_000]) func withoutLatencyATransferTakesItsBitsAtTheRate(byteCount: Int) {
        let packets = (byteCount + 1447) / 1448
        let expected = Double(8 * (byteCount + 66 * packets)) / 1_000_000
        #expect(Self.near(Self.model().seconds(WireLeg(isUp: true, byteCount: byteCount)), expected))
    }

    @Test func nothingTakesNoTime() {
        #expect(Self.model(latency: 100).seconds(WireLeg(isUp: true, byteCount: 0)) == 0)
        #expect(Self.model(latency: 100).seconds([]) == 0)
    }

    @Test func directionsHaveTheirOwnRates() {
        let model = Self.model(up: 100, down: 1000)
        let up = model.seconds(WireLeg(isUp: true, byteCount: 50_000))
        let down = model.seconds(WireLeg(isUp: false, byteCount: 50_000))
        #expect(Self.near(up, 10 * down))
    }

    @Test func aSmallMessageCostsTheLatencyOnce() {
        let seconds = Self.model(up: 1e6, latency: 100).seconds(WireLeg(isUp: true, byteCount: 100))
        let travel: Double = 8 * 166 / 1e9
        #expect(Self.near(seconds, 0.1 + travel))
    }

    @Test func slowStartCostsARoundTripForEveryWindowThatDoesNotFillTheLink() {
        // 10 + 20 + 10 packets: two windows wait for their acknowledgements, the third only travels.
        let seconds = Self.model(up: 1e6, latency: 100).seconds(WireLeg(isUp: true, byteCount: 40 * 1448))
        let travel: Double = 10 * 8 * 1514 / 1e9
        #expect(Self.near(seconds, 0.5 + travel))
    }

    @Test func legsWaitForEachOther() {
        let legs = [WireLeg(isUp: false, byteCount: 5000), WireLeg(isUp: true, byteCount: 300)]
        let model = Self.model(latency: 40, loss: 0.01)
        let sum: Double = model.seconds(legs[0]) + model.seconds(legs[1])
        #expect(Self.near(model.seconds(legs), sum))
    }

    @Test(arguments: [1, 2000, 70_000, 1_000_000]) func loseAndWaitLonger(byteCount: Int) {
        let leg = WireLeg(isUp: true, byteCount: byteCount)
        let times = [0, 0.001, 0.01, 0.1].map { Self.model(latency: 40, loss: $0).seconds(leg) }
        #expect(times == times.sorted())
        #expect(Set(times).count == times.count)
    }

    @Test func moreBytesNeverTakeLess() {
        let model = Self.model(latency: 30, loss: 0.02)
        let times = stride(from: 0, through: 300_000, by: 700).map {
            model.seconds(WireLeg(isUp: false, byteCount: $0))
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func neighboursOfOneDirectionAreOneLeg() {
        var legs: [WireLeg] = []
        for (isUp, count) in [(false, 10), (false, 20), (true, 5), (false, 1)] {
            legs.append(isUp: isUp, byteCount: count)
        }
        #expect(legs.map(\.byteCount) == [30, 5, 1])
        #expect(legs.byteCount == WireByteCount(up: 5, down: 31))
    }
}
