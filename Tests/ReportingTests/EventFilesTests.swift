import Foundation
import Reporting
import Testing

struct EventFilesTests {
    /// Made with TensorFlow's record format from known fields: the header record of a file that begins at time 0.
    @Test func headerIsTheKnownRecord() {
        let arm = ExampleRun.arm("a", logs: [])
        let bytes = EventFiles(ExampleRun.summary, endedAt: Date(timeIntervalSince1970: 0)).bytes(arm)
        #expect(bytes.count == 40)
        let length: [UInt8] = [24, 0, 0, 0, 0, 0, 0, 0]
        #expect(Array(bytes[0..<8]) == length)
        let version: [UInt8] = [26, 13] + Array("brain.Event:2".utf8)
        let time: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0, 0]
        #expect(Array(bytes[12..<36]) == time + version)
    }

    @Test func recordsFollowEachOther() {
        let bytes = EventFiles(ExampleRun.summary).bytes(ExampleRun.arms[0])
        var records = 0
        var place = 0
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
            place += 8 + 4 + length + 4
            records += 1
        }
        #expect(place == bytes.count)
        #expect(records == 1 + ExampleRun.arms[0].roundsLog.count)
    }
}
