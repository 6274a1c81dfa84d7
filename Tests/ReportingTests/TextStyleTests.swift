import Reporting
import Testing

struct TextStyleTests {
    @Test func coloursTerminalsOnly() {
        #expect(TextStyle(isTerminal: true, environment: [:]) == .coloured)
        #expect(TextStyle(isTerminal: true, environment: ["NO_COLOR": ""]) == .coloured)
        #expect(TextStyle(isTerminal: true, environment: ["NO_COLOR": "1"]) == .plain)
        #expect(TextStyle(isTerminal: true, environment: ["TERM": "dumb"]) == .plain)
        #expect(TextStyle(isTerminal: false, environment: ["TERM": "xterm"]) == .plain)
    }
}
