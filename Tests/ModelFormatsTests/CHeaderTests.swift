import ModelFormats
import Testing

struct CHeaderTests {
    @Test func writesTheseLines() throws {
        let text = try CHeader(symbol: "model", bytes: Array(0..<18), summary: "A model */ of\ntests").text
        #expect(text.hasPrefix("/* A model * / of tests */\n#ifndef MODEL_H\n#define MODEL_H\n"))
        #expect(text.contains("static const unsigned int model_len = 18;\n"))
        #expect(text.contains("SWIFTLET_ALIGN static const unsigned char model[18] = {\n    0x00, 0x01, 0x02,"))
        #expect(text.contains("0x0f,\n    0x10, 0x11,\n};\n"))
        #expect(text.hasSuffix("#endif /* MODEL_H */\n"))
    }

    @Test func holdsNothingToo() throws {
        let text = try CHeader(symbol: "_m1", bytes: [], summary: "").text
        #expect(text.contains("_m1_len = 0;") && text.contains("_m1[1] = {\n    0\n};"))
    }

    @Test(arguments: ["", "1a", "a-b", "a b", "é", String(repeating: "a", count: 64)])
    func refusesWhatIsNoIdentifier(_ symbol: String) {
        #expect(throws: ModelFormatError.self) { try CHeader(symbol: symbol, bytes: [], summary: "") }
    }
}
