import Tensors
import Testing

struct ParameterLayoutTests {
    @Test func tensorsLieOneBehindTheOther() throws {
        let layout = try ParameterLayout([
            (name: "a/weight", shape: [4, 3, 3], kind: .weight), (name: "a/bias", shape: [4], kind: .vector),
            (name: "b/mean", shape: [2], kind: .statistic),
        ])
        #expect(layout.count == 42)
        #expect(layout.entries.map(\.range) == [0..<36, 36..<40, 40..<42])
        #expect(layout.entries.map(\.rowCount) == [4, 1, 1])
        #expect(layout.entries.map(\.columnCount) == [9, 4, 2])
        #expect(layout.rowCount == 6)
    }

    @Test(arguments: [[], [0], [3, -1], [1 << 29], [1 << 20, 1 << 20], [Int.max, Int.max]])
    func impossibleShapesAreRefused(shape: [Int]) {
        #expect(throws: TensorError.invalidShape(shape)) {
            try ParameterLayout([(name: "a", shape: shape, kind: .weight)])
        }
    }

    @Test func totalIsCapped() {
        #expect(throws: TensorError.invalidShape([1])) {
            try ParameterLayout([
                (name: "a", shape: [ParameterLayout.maximumCount], kind: .weight),
                (name: "b", shape: [1], kind: .vector),
            ])
        }
    }

    @Test func namesAreUnique() {
        #expect(throws: TensorError.duplicateName("a")) {
            try ParameterLayout([(name: "a", shape: [1], kind: .vector), (name: "a", shape: [1], kind: .vector)])
        }
    }

    @Test func nothingIsALayoutToo() throws {
        #expect(try ParameterLayout([]).count == 0)
    }
}
