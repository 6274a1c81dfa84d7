import Federation
import Tensors
import Testing

struct CodedModelTests {
    private let layout: ParameterLayout
    private let initial: CodedModel

    init() throws {
        let model = try LinearModel(rows: 24, columns: 17)
        layout = model.layout
        initial = try CodedModel(initial: model.initial(seed: 4), layout: layout, codec: "auto:nmse=0.1")
    }

    private func master(_ step: Int) -> [Float] {
        var random = SeededRandom(Seed(8).derived("master", step))
        return initial.parameters.map { $0 + Float(step) * (random.unitFloat() - 0.5) }
    }

    private static func distance(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    @Test func comesAsNearToTheMasterAsTheCodecPromises() throws {
        let master = master(1)
        let coded = try initial.approaching(master)
        let way = Self.distance(master, initial.parameters)
        #expect(Self.distance(master, coded.parameters) < 0.11 * way)
        #expect(coded.byteCount < layout.count)
    }

    @Test func everySideFindsTheSameModelFromTheSteps() throws {
        let first = try initial.approaching(master(1))
        let second = try first.approaching(master(2))
        let third = try second.approaching(master(3))
        #expect(try initial.applying(third.encoded()) == third)
        let missed = try #require(third.difference(from: first.hash))
        #expect(try first.applying(missed) == third)
        #expect(third.difference(from: third.hash) == [])
        #expect(missed.count < third.encoded().count)
    }

    @Test func errorOfOneStepIsMadeGoodByTheNext() throws {
        let master = master(2)
        var coded = initial
        var last = Self.distance(master, coded.parameters)
        for _ in 0..<4 {
            coded = try coded.approaching(master)
            let rest = Self.distance(master, coded.parameters)
            #expect(rest < 0.11 * last)
            last = rest
        }
    }

    @Test func stepsAfterTheFirstKeepToTheCap() throws {
        let model = try LinearModel(rows: 80, columns: 60)
        let origin = model.initial(seed: 4)
        var random = SeededRandom(Seed(9))
        let masters = (0..<2).map { _ in origin.map { $0 + random.unitFloat() - 0.5 } }
        let first = try CodedModel(initial: origin, layout: model.layout, codec: "auto:nmse=0.01,cap=0.6")
            .approaching(masters[0])
        let second = try first.approaching(masters[1])
        let statistics = model.layout.entries.reduce(0) { $0 + ($1.kind == .statistic ? $1.count : 0) }
        let most = Int(0.6 * Double(model.layout.count) / 8) + 2 * statistics
        #expect(first.byteCount > 2 * most)
        #expect(second.byteCount - first.byteCount <= most)
    }

    @Test func knowsNoWayFromAModelThatIsNotOnIt() throws {
        let other = try initial.approaching(master(1))
        #expect(try initial.approaching(master(2)).difference(from: other.hash) == nil)
    }

    @Test func differentBytesHaveDifferentHashes() throws {
        let first = try initial.approaching(master(1))
        let second = try initial.approaching(master(2))
        #expect(Set([initial.hash, first.hash, second.hash]).count == 3)
        #expect(try first.approaching(master(2)).hash != second.hash)
    }

    @Test func cutBytesAreRefused() throws {
        let bytes = try initial.approaching(master(1)).approaching(master(2)).encoded()
        let whole = try initial.approaching(master(1)).encoded().count
        for count in 1..<bytes.count where count != whole {
            #expect(throws: FederationError.self) { try initial.applying(Array(bytes[..<count])) }
        }
    }

    @Test func refusesACodecThatIsNotKnown() {
        #expect(throws: FederationError.self) {
            try CodedModel(initial: initial.parameters, layout: layout, codec: "nothing")
        }
    }
}
