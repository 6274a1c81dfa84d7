import Tensors
import Testing
import UpdateCodec

struct TransformCodecTests {
    /// An update of low rank plus noise, as training makes them.
    static func structured(_ layout: ParameterLayout, seed: UInt64, noise: Float) -> [Float] {
        var random = SeededRandom(Seed(seed))
        var update = [Float](repeating: 0, count: layout.count)
        for entry in layout.entries {
            for component in 1...2 {
                let left = (0..<entry.rowCount).map { _ in Float(random.normal()) }
                let right = (0..<entry.columnCount).map { _ in Float(random.normal()) }
                for row in 0..<entry.rowCount {
                    for column in 0..<entry.columnCount {
                        update[entry.offset + row * entry.columnCount + column] +=
                            0.01 * left[row] * right[column] / Float(component)
                    }
                }
            }
            for index in entry.range { update[index] += Float(random.normal()) * noise }
        }
        return update
    }

    static func layout() throws -> ParameterLayout {
        try ParameterLayout([
            ("conv/weight", [16, 8, 3, 3], .weight), ("conv/bias", [16], .vector),
            ("dense/weight", [40, 144], .weight),
            ("dense/bias", [40], .vector), ("wide/weight", [70, 200], .weight),
        ])
    }

    static func measure(_ name: String, _ update: [Float], _ layout: ParameterLayout) throws -> CodecMeasurement {
        try CodecMeasurement.measure(
            try UpdateCodecs.named(name), update: update, layout: layout, context: CodecFixture.context)
    }

    @Test(arguments: ["auto", "lowrank", "entropy"], [0.5, 0.1, 0.03, 0.01, 0.001])
    func meetsTheTargetWithinTwoPercent(name: String, target: Double) throws {
        let layout = try Self.layout()
        for seed in 1...3 as ClosedRange<UInt64> {
            let update = Self.structured(layout, seed: seed, noise: 0.0005)
            let found = try Self.measure("\(name):nmse=\(target)", update, layout)
            #expect(found.nmse <= target * 1.0001, "seed \(seed)")
            #expect(found.nmse > target * 0.97, "seed \(seed)")
        }
    }

    @Test(arguments: [16, 100, 1000, 20000])
    func staysWithinTheByteBudget(budget: Int) throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 4, noise: 0.002)
        let found = try Self.measure("auto:bytes=\(budget)", update, layout)
        #expect(found.byteCount <= budget)
        if budget >= 100 { #expect(Double(found.byteCount) > (budget < 1000 ? 0.8 : 0.97) * Double(budget)) }
    }

    @Test(arguments: [0.1, 0.5, 2]) func capHoldsBackWhatTheTargetAsksFor(cap: Double) throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 5, noise: 0.01)
        let free = try Self.measure("auto:nmse=0.001", update, layout)
        let capped = try Self.measure("auto:nmse=0.001,cap=\(cap)", update, layout)
        #expect(capped.byteCount <= Int(cap * Double(layout.count) / 8))
        #expect(capped.byteCount < free.byteCount && capped.nmse > free.nmse)
    }

    @Test(arguments: [0.0005, 0.002, 0.01, 0.05] as [Float]) func aWiderCapIsUsedAndLosesLess(noise: Float) throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 6, noise: noise)
        let free = try Self.measure("auto:nmse=0.001", update, layout).byteCount
        var last = 1.0
        for cap in [0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8] {
            let most = cap * Double(layout.count) / 8
            let capped = try Self.measure("auto:nmse=0.001,cap=\(cap)", update, layout)
            // Where a tensor changes its tools, the finer ones may not pay for the last quarter.
            #expect(Double(capped.byteCount) > min(Double(free) - 1, 0.75 * most), "cap \(cap)")
            #expect(capped.nmse < last || capped.byteCount == free, "cap \(cap)")
            last = capped.nmse
        }
    }

    @Test(arguments: [0.3, 0.5, 0.8]) func capGivesWayToTheWorstError(worst: Double) throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 9, noise: 0.05)
        let capped = try Self.measure("auto:nmse=0.1,cap=0.05", update, layout)
        let eased = try Self.measure("auto:nmse=0.1,cap=0.05,worst=\(worst)", update, layout)
        #expect(capped.nmse > 0.8)
        #expect(eased.nmse <= worst * 1.0001 && eased.nmse > 0.97 * worst)
        let enough = try Self.measure("auto:nmse=0.1,cap=4,worst=\(worst)", update, layout)
        #expect(enough.byteCount == (try Self.measure("auto:nmse=0.1,cap=4", update, layout)).byteCount)
    }

    @Test func capChangesNothingThatFits() throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 5, noise: 0.0005)
        let free = try UpdateCodecs.named("auto:nmse=0.5")
        let expected = try free.encode(update, layout: layout, context: CodecFixture.context)
        // However small the share, a quarter of a kilobyte is always allowed.
        let bare = try UpdateCodecs.named("auto:nmse=0.0001,cap=0.001")
        let capped = try UpdateCodecs.named("auto:nmse=0.5,cap=8")
        #expect(try capped.encode(update, layout: layout, context: CodecFixture.context) == expected)
        let least = try bare.encode(update, layout: layout, context: CodecFixture.context)
        #expect(least.count <= 256 && least.count > 128)
    }

    @Test(arguments: [
        "auto:cap=0", "auto:cap=33", "auto:cap=x", "auto:bytes=100,cap=1", "auto:cap", "auto:worst=0.5",
        "auto:cap=1,worst=1", "auto:cap=1,worst=0", "auto:cap=1,worst=x",
    ])
    func refusesACapThatIsNone(specification: String) {
        #expect(throws: CodecError.self) { try UpdateCodecs.named(specification) }
    }

    @Test func spendsFarLessOnLowRankThanOnNoise() throws {
        let layout = try Self.layout()
        let structured = try Self.measure("auto:nmse=0.1", Self.structured(layout, seed: 5, noise: 0.0001), layout)
        let noise = try Self.measure("auto:nmse=0.1", CodecFixture.update(layout, seed: 5), layout)
        #expect(structured.byteCount * 8 < noise.byteCount)
    }

    @Test(arguments: [0.3, 0.03])
    func neverLosesToSingleValues(target: Double) throws {
        let layout = try Self.layout()
        for noise in [0, 0.003, 0.1] as [Float] {
            let update = Self.structured(layout, seed: 6, noise: noise)
            let auto = try Self.measure("auto:nmse=\(target)", update, layout)
            let entropy = try Self.measure("entropy:nmse=\(target)", update, layout)
            #expect(Double(auto.byteCount) <= Double(entropy.byteCount) * 1.02, "noise \(noise)")
        }
    }

    @Test(arguments: [0.25, 0.1, 0.01])
    func neverLosesToSingleValuesWhereAFewStandAlone(target: Double) throws {
        let layout = try ParameterLayout([("dense/weight", [200, 300], .weight)])
        var random = SeededRandom(Seed(8))
        var update = [Float](repeating: 0, count: layout.count)
        for _ in 0..<60 { update[random.below(layout.count)] = Float(random.normal()) }
        let auto = try Self.measure("auto:nmse=\(target)", update, layout)
        let entropy = try Self.measure("entropy:nmse=\(target)", update, layout)
        #expect(auto.byteCount <= entropy.byteCount)
    }

    @Test func unbiasedUpdatesKeepTheirLengthAlongTheOriginal() throws {
        let layout = try Self.layout()
        let update = Self.structured(layout, seed: 7, noise: 0.005)
        let codec = try UpdateCodecs.named("auto:nmse=0.4,unbiased")
        let bytes = try codec.encode(update, layout: layout, context: CodecFixture.context)
        var decoded = [Float](repeating: 0, count: layout.count)
        try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &decoded)
        for entry in layout.entries {
            var cross = 0.0
            var energy = 0.0
            for index in entry.range {
                cross += Double(update[index]) * Double(decoded[index])
                energy += Double(update[index]) * Double(update[index])
            }
            // A tensor that was not worth sending has nothing to stretch.
            if cross > 0 { #expect(abs(cross / energy - 1) < 0.02, "\(entry.name)") }
        }
    }

    @Test func theLastGlobalDeltaSavesBytesAndIsThenNeeded() throws {
        let layout = try ParameterLayout([("w", [48, 400], .weight)])
        var random = SeededRandom(Seed(8))
        // Columns differ in activity, and the last change of the model shows which are active.
        let activity = (0..<400).map { $0 % 7 == 0 ? Float(1) : 0.02 }
        func drawn() -> [Float] {
            let left = (0..<48).map { _ in Float(random.normal()) }
            let right = activity.map { $0 * Float(random.normal()) }
            return (0..<layout.count).map { left[$0 / 400] * right[$0 % 400] }
        }
        let informed = CodecContext(seed: Seed(1), lastGlobalDelta: drawn())
        let update = drawn()
        let codec = try UpdateCodecs.named("auto:nmse=0.05")
        let alone = try codec.encode(update, layout: layout, context: CodecFixture.context)
        let bytes = try codec.encode(update, layout: layout, context: informed)
        #expect(bytes.count < alone.count)
        var first = [Float](repeating: 0, count: layout.count)
        var second = first
        try codec.decode(alone, layout: layout, context: informed, into: &first)
        try codec.decode(bytes, layout: layout, context: informed, into: &second)
        #expect(first == second)
        #expect(throws: CodecError.missingContext) {
            try codec.decode(bytes, layout: layout, context: CodecFixture.context, into: &first)
        }
    }

    @Test(arguments: [
        "auto:nmse=0", "auto:nmse=2", "auto:nmse=x", "auto:bytes=1", "auto:nmse=0.1,bytes=100", "auto:foo",
        "int8:nmse=1",
        "auto:nmse=0.1,nmse=0.2", "auto:unbiased=1",
    ])
    func refusesBadParameters(specification: String) {
        #expect(throws: CodecError.self) { try UpdateCodecs.named(specification) }
    }
}
