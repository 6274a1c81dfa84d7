import Federation
import Testing

struct FederationParametersTests {
    @Test func jsonIsCanonical() throws {
        let parameters = Fixtures.parameters()
        let bytes = parameters.canonicalJSON()
        let again = try FederationParameters(canonicalJSON: bytes)
        #expect(again == parameters)
        #expect(again.canonicalJSON() == bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"compression":{"down":"int8","up":"int8"},"federation":"0707070707"#))
        #expect(!text.contains(" "))
    }

    @Test func anyOtherSettingHasAnotherHash() {
        let base = Fixtures.parameters()
        var others = [FederationParameters](repeating: base, count: 5)
        others[0].seed += 1
        others[1].plan.epochs = 2
        others[2].clipNorm = 1
        others[3].model = "{ }"
        others[4].compression.up = "float32"
        let hashes = Set((others + [base]).map { FederationParameters.hash(of: $0.canonicalJSON()) })
        #expect(hashes.count == 6)
    }

    @Test func textThatIsNotTheParametersOfAFederationIsRefused() {
        for text in ["", "{}", "[]", "{\"name\":1}", String(repeating: "[", count: 10_000)] {
            #expect(throws: FederationError.self) { try FederationParameters(canonicalJSON: Array(text.utf8)) }
        }
        var wrong = Fixtures.parameters()
        wrong.clipNorm = -1
        #expect(throws: FederationError.invalidSetting("clip_norm", allowed: "above 0")) {
            try FederationParameters(canonicalJSON: wrong.canonicalJSON())
        }
    }
}
