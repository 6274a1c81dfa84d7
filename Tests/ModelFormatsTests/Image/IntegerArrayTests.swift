import ModelFormats
import Testing

struct IntegerArrayTests {
    @Test(arguments: [([Int16](), [UInt8]()), ([1, -1, 127, -128], [1, 255, 127, 128]), ([300], [44])])
    func narrowElementsTakeAByte(values: [Int16], bytes: [UInt8]) {
        #expect(IntegerArray.bytes(values, isWide: false) == bytes)
    }

    @Test(arguments: [([Int16](), [UInt8]()), ([1, -1], [1, 0, 255, 255]), ([300, .min], [44, 1, 0, 128])])
    func wideElementsTakeTwoTheLowOneFirst(values: [Int16], bytes: [UInt8]) {
        #expect(IntegerArray.bytes(values, isWide: true) == bytes)
    }
}
