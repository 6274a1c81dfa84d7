import Reporting
import Testing

struct HumanUnitsTests {
    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (999, "999 B"), (1000, "1.00 kB"), (9_994, "9.99 kB"), (9_995, "10.0 kB"),
        (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.00 MB"), (2_791_304, "2.79 MB"),
        (88_500_000, "88.5 MB"), (12_345_678_901, "12.3 GB"), (Int.max, "9.22 EB"),
    ])
    func bytesHaveThreeDigits(count: Int, text: String) {
        #expect(HumanUnits.bytes(count) == text)
        #expect(HumanUnits.bytes(count).count <= 7)
    }

    @Test(arguments: [
        (0.0, "0.00%"), (0.11, "11.00%"), (0.9654, "96.54%"), (0.99994, "99.99%"), (0.99996, "100.0%"), (1.0, "100.0%"),
        (Double.nan, "?%"),
    ])
    func percentHasTwoDecimals(fraction: Double, text: String) {
        #expect(HumanUnits.percent(fraction) == text)
    }

    @Test(arguments: [
        (0.5, "0.50×"), (1.0, "1.00×"), (9.996, "10.0×"), (99.96, "100×"), (358.4, "358×"), (9999.0, "9999×"),
        (12345.0, "12k×"),
    ])
    func factorHasThreeDigits(value: Double, text: String) {
        #expect(HumanUnits.factor(value) == text)
    }

    @Test(arguments: [
        (-1.0, "0.0s"), (0.44, "0.4s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m00s"), (185.0, "3m05s"),
        (3600.0, "1h00m"), (7380.0, "2h03m"), (86400.0, "1d00h"), (98.0 * 86_400, "98d00h"),
        (333.6 * 86_400, "333d"),
    ])
    func durationHasTwoUnits(seconds: Double, text: String) {
        #expect(HumanUnits.duration(.seconds(seconds)) == text)
    }

    @Test(arguments: [(0, "0.00"), (3.401, "3.41"), (3.41, "3.41"), (99.991, "100"), (199.2, "200"), (200, "200")])
    func privacyLossIsNeverRoundedDown(epsilon: Double, text: String) {
        #expect(HumanUnits.epsilon(epsilon) == text)
    }
}
