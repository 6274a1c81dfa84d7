import Reporting
import Testing

struct RoundsCSVTests {
    @Test func hasOneLinePerArmAndRound() {
        let logs = [ExampleRun.log(1, nil, bytes: 10), ExampleRun.log(2, 0.5, bytes: 20, rejected: 1)]
        let text = RoundsCSV.text([
            ExampleRun.arm("a", logs: logs), ExampleRun.arm("b, \"c\"", logs: [logs[1]]),
        ])
        #expect(
            text == """
                arm,round,accuracy,int8_accuracy,up_bytes,down_bytes,up_bytes_total,down_bytes_total,seconds,\
                participants,rejected,link_seconds
                a,1,,,10,1010,10,1010,0.5,10,0,
                a,2,0.5,0.4975,20,1020,30,2030,0.5,10,1,
                "b, ""c\""",2,0.5,0.4975,20,1020,20,1020,0.5,10,1,

                """)
    }

    @Test func ofNothingIsTheHeader() { #expect(RoundsCSV.text([]) == RoundsCSV.header + "\n") }
}
