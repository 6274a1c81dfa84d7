import Foundation
import Quantization
import Tensors
import Testing
import UpdateCodec

/// Messages of format version 2 that every later build must read. They were written by the codecs themselves from
/// `GoldenUpdateTests.update`; what they decode to is held as a sum of squares and a sum weighted by position.
struct GoldenUpdateTests {
    struct Golden: Sendable {
        let codec: String
        let base64: String
        let squares: Double
        let weighted: Double
    }

    static let updates = [
        Golden(
            codec: "int8",
            base64:
                "QXI3YjrqOAI5ajr6OPI4cjr6OOI4ajoBNaFIznb7gSmuU91/CZM1vmDsghSpO9Fi+IEjrU/ZewSOLb5W538QojnJZvOBHqtI1nIA"
                + "jiq4VeJ/DJ41x17wgRmhSM52+4EprlPdfwmTNb5gKOz+gNgTr6iJO1/Q",
            squares: 0.18375033499442034, weighted: 10.732107516378164),
        Golden(
            codec: "auto", base64: "Qhc0LD2BeMLD9/nz9cWuy2nBA7KCvlfcqy0=", squares: 0.18867778778076172,
            weighted: 16.5029296875),
        Golden(
            codec: "lowrank", base64: "Qg57Hr5Zxk4oy8a6iBnqi8k=", squares: 0.22990579102601316,
            weighted: 25.38836133480072),
        Golden(
            codec: "entropy", base64: "Qh8MoDyBUML8w1QTV/uHakFcS4ayr3L8NoBpm7ZarTlkcg==", squares: 0.18463134765625,
            weighted: 12.20703125),
    ]

    static let whole =
        "WXHBAAAAXM/rHAjM2xJ3gqNmDW8nPeJDVlaQISbOZKi4NetFuhz8AwYOVkrviBi4HDwogPcWsbe8WA70M6116INqfltHA36tqyHklcvFaf+zG4x5"
        + "8FYVVKG9crTiW5Ur6GxNTg6C/FO/WhjcRDKp9iW0Ajg="
    static let small =
        "WD4+J+MNQyHqh/IgGRCHktthMfYhgm42KgonUUUGvdHx95ioxhu223F7HMrVeo0J2YYwdMTQaWvB+iYRuqq6Dq0="
    static let rescaled =
        "WGW4AAAmGa5Mxefq6xxRKeumlMy7WjS12Z0rWpJAZdd5SgIWTg+6sGo+S9FAyCE1GzRqNhwLkH62utkf0j4fBoIf1lccHJqKzhy32xHwhfWsqzVf"
        + "ZUUrv/SXZGxO3TJyTt1Gb0VGrc0="

    static func layout() throws -> ParameterLayout {
        try ParameterLayout([("k", [4, 2, 2, 2], .weight), ("w", [6, 8], .weight), ("b", [6], .vector)])
    }

    static func update(_ layout: ParameterLayout) -> [Float] {
        (0..<layout.count).map { index -> Float in
            let value = Float((index * 37 + 11) % 64 - 32) / 256
            return (index / 8) % 3 == 0 ? value : value * 0.125
        }
    }

    static func bytes(_ base64: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: base64))) }

    @Test(arguments: updates)
    func goldenUpdatesDecodeToTheSameValues(golden: Golden) throws {
        let layout = try Self.layout()
        var output = [Float](repeating: 0, count: layout.count)
        try UpdateCodecs.named(golden.codec).decode(
            try Self.bytes(golden.base64), layout: layout, context: CodecFixture.context, into: &output)
        let squares = output.reduce(0.0) { $0 + Double($1) * Double($1) }
        let weighted = output.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * Double($1.element) }
        #expect(abs(squares / golden.squares - 1) < 1e-6)
        #expect(abs(weighted / golden.weighted - 1) < 1e-5)
    }

    @Test func goldenLatticesDecodeToTheSameIntegers() throws {
        let layout = try Self.layout()
        let update = Self.update(layout)
        let base = try ModelLattice(quantizing: update, layout: layout)
        let near = update.enumerated().map { $0.element + ($0.offset % 5 == 0 ? 0.004 : -0.0005) }
        let moved = try ModelLattice(quantizing: near, layout: layout, previous: base)
        let grown = try ModelLattice(quantizing: update.map { $0 * 4 }, layout: layout, previous: base)
        #expect(try LatticeDifference.decodeWhole(Self.bytes(Self.whole), layout: layout) == base)
        #expect(try LatticeDifference.apply(Self.bytes(Self.small), to: base) == moved)
        #expect(try LatticeDifference.apply(Self.bytes(Self.rescaled), to: base) == grown)
        #expect(LatticeDifference.encode(from: base, to: moved) == (try Self.bytes(Self.small)))
    }

    /// Damage to the golden `auto` message, and what must be said about it.
    static let damages: [(edit: @Sendable (inout [UInt8]) -> Void, error: CodecError)] = [
        ({ $0 = [] }, .truncated), ({ $0.removeLast() }, .truncated), ({ $0.append(7) }, .trailingBytes(1)),
        ({ $0[0] = $0[0] & 31 | 1 << 5 }, .unsupportedVersion(1)), ({ $0[0] ^= 1 }, .corruptHeader),
        ({ $0[1] ^= 1 }, .corruptHeader), ({ $0[2] ^= 0x80 }, .corruptHeader), ({ $0[1] |= 0x80 }, .corruptHeader),
        (
            {
                $0[3] = 0; $0[4] = 0
            }, .corruptPayload("the step is not a positive number")
        ),
        (
            {
                $0[3] = 0x80; $0[4] = 0x7f
            }, .corruptPayload("the step is not a positive number")
        ),
        ({ $0[$0.count - 1] = 0 }, .corruptPayload("the coded tensors do not end where they should")),
    ]

    @Test(arguments: damages.indices)
    func goldenErrorsAreTheSame(index: Int) throws {
        let layout = try Self.layout()
        var bytes = try Self.bytes(Self.updates[1].base64)
        Self.damages[index].edit(&bytes)
        var output = [Float](repeating: 0, count: layout.count)
        #expect(throws: Self.damages[index].error) {
            try UpdateCodecs.named("auto").decode(
                bytes, layout: layout, context: CodecFixture.context, into: &output)
        }
    }
}
