import Reporting
import Testing

struct RoundPaceTests {
    @Test func foretellsFromTheMeanOfTheLastTenRounds() {
        var pace = RoundPace()
        #expect(pace.timeLeft(after: 100, ahead: 3) == .seconds(300))
        #expect(pace.timeLeft(after: 50, ahead: 2) == .seconds(150))
        for _ in 0..<9 { _ = pace.timeLeft(after: 2, ahead: 9) }
        #expect(pace.timeLeft(after: 2, ahead: 5) == .seconds(10))
        #expect(pace.timeLeft(after: 2, ahead: 0) == .zero)
    }
}
