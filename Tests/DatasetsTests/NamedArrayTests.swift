import Datasets
import Foundation
import Testing

/// `.npz` and CSV files, good and bad.
struct NamedArrayTests {
    private static let weight = npy("'<f4'", "(2, 3)", littleEndian([1, -2, 3, 4, 5.5, 6]))
    private static let single = npy("'<i4'", "()", littleEndian(Int32(7)))

    private static func file(method: Int = 0) -> ZipFile {
        ZipFile(members: [
            .init(name: "a/w.npy", content: weight, method: method, hasLongLocalHeader: true),
            .init(name: "a/n.npy", content: single, method: method),
        ])
    }

    /// What loading some bytes gives: the arrays, or the message without the folder.
    private static func load(_ bytes: [UInt8]) throws -> (arrays: [NamedArray], message: String) {
        let folder = try DataFolder()
        try folder.write(bytes, "x.npz")
        do throws(DatasetError) {
            return (try NamedArray.load(npz: folder.url.appendingPathComponent("x.npz").path), "")
        } catch {
            return ([], error.description.replacingOccurrences(of: folder.url.path + "/", with: ""))
        }
    }

    @Test(arguments: [0, 8])
    func readsMembersStoredAndDeflated(method: Int) throws {
        let (arrays, message) = try Self.load(Self.file(method: method).bytes)
        #expect(message.isEmpty)
        #expect(arrays.map(\.name) == ["a/w", "a/n"])
        #expect(arrays.map(\.shape) == [[2, 3], [1]])
        #expect(arrays.map(\.values) == [[1, -2, 3, 4, 5.5, 6], [7]])
    }

    @Test func aFileWithoutMembersHasNoArrays() throws {
        let (arrays, message) = try Self.load(ZipFile(members: []).bytes)
        #expect(arrays.isEmpty && message.isEmpty)
    }

    @Test func aCommentMayFollow() throws {
        var file = Self.file()
        file.comment = Array("made by hand".utf8)
        #expect(try Self.load(file.bytes).arrays.count == 2)
    }

    private static let wrong: [(@Sendable (inout ZipFile) -> Void, String)] = [
        ({ $0.announcedMemberCount = 0xffff }, "zip64 archives are not read"),
        ({ $0.announcedMemberCount = 3 }, "the directory holds 2 members, its record says 3"),
        ({ $0.members[1].announcedCount = 0xffff_ffff }, "zip64 archives are not read"),
        ({ $0.members[1].flags = 1 }, "'a/n.npy' is encrypted"),
        ({ $0.members[1].method = 12 }, "'a/n.npy' is packed by method 12"),
        ({ $0.members[1].name = "a/w.npy" }, "'a/w.npy' is there twice"),
        ({ $0.members[1].name = "readme.txt" }, "'readme.txt' is not a .npy array"),
        ({ $0.members[1].announcedCount = 4 }, "'a/n.npy' cannot hold 4 bytes, packed in 132"),
        (
            {
                $0.members[1].method = 8
                $0.members[1].announcedCount = 4_000_000_000
            }, "'a/n.npy' cannot hold 4000000000 bytes, packed in"
        ),
        (
            {
                $0.members[1].method = 8
                $0.members[1].announcedCount = 131
            }, "'a/n.npy' does not unpack to the 131 bytes it announces"
        ),
        (
            {
                $0.members[1].method = 8
                $0.members[1].announcedCount = 133
            }, "'a/n.npy' does not unpack to the 133 bytes it announces"
        ),
        (
            {
                $0.members[1].announcedCount = 9_000
                $0.members[1].announcedPackedCount = 9_000
            }, "'a/n.npy' would reach into the directory"
        ),
        ({ $0.members[1].content = npy("'<f4'", "(1,)", littleEndian([.nan])) }, "x.npz: a/n.npy: byte 128: value 0"),
        ({ $0.members[1].content = [1, 2, 3] }, "x.npz: a/n.npy: byte 0: the .npy magic number"),
    ]

    @Test(arguments: wrong.indices)
    func saysWhatIsWrong(index: Int) throws {
        var file = Self.file()
        Self.wrong[index].0(&file)
        let message = try Self.load(file.bytes).message
        #expect(message.hasPrefix("x.npz: "))
        #expect(message.contains(Self.wrong[index].1), "\(message)")
    }

    @Test(arguments: [0, 8])
    func everyTruncationIsAnError(method: Int) throws {
        let whole = Self.file(method: method).bytes
        for count in 0..<whole.count {
            let message = try Self.load(Array(whole[..<count])).message
            #expect(message.hasPrefix("x.npz: byte "), "\(count) bytes: \(message)")
        }
    }

    @Test func flippedBitsOfTheContentAreErrors() throws {
        let whole = Self.file(method: 0).bytes
        // Behind the first local header, its name and its extra field.
        for offset in (30 + 7 + 20)..<(30 + 7 + 20 + Self.weight.count) {
            var bytes = whole
            bytes[offset] ^= 0x10
            #expect(try !Self.load(bytes).message.isEmpty, "byte \(offset)")
        }
    }

    private static func load(csv text: String) throws -> (array: NamedArray?, message: String) {
        let folder = try DataFolder()
        try folder.write(Array(text.utf8), "x.csv")
        do throws(DatasetError) {
            return (try NamedArray.load(csv: folder.url.appendingPathComponent("x.csv").path), "")
        } catch {
            return (nil, error.description.replacingOccurrences(of: folder.url.path + "/", with: ""))
        }
    }

    @Test(arguments: ["1,-2.5\n3,4e1\n", "a,b\r\n1,-2.5\r\n3,40", "\"1\", -2.5\n3 ,40\n\n"])
    func readsTheNumbersOfATable(text: String) throws {
        let (array, message) = try Self.load(csv: text)
        #expect(message.isEmpty)
        #expect(array?.name == "x" && array?.shape == [2, 2])
        #expect(array?.values == [1, -2.5, 3, 40])
    }

    @Test(arguments: [
        ("", "x.csv: line 1, column 1: the file holds no rows"),
        ("a,b\n", "x.csv: line 2, column 1: the file holds no rows below its header"),
        ("1,2\n3\n", "x.csv: line 2, column 1: only 1 fields, the first line has 2"),
        ("1,2\n3,4,5\n", "x.csv: line 2, column 3: more than 2 fields, the first line has 2"),
        ("1,2\n3,four\n", "x.csv: line 2, column 3: 'four' is not a number"),
        ("1,2\n3,1e39\n", "x.csv: line 2, column 3: '1e39' is not a finite number after scaling"),
    ])
    func refusesTablesOfOtherThanNumbers(text: String, expected: String) throws {
        let (array, message) = try Self.load(csv: text)
        #expect(array == nil)
        #expect(message == expected)
    }
}
