import ModelFormats
import Testing

struct NPYFileTests {
    @Test(arguments: [[], [3], [1, 3], [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])
    func putsDataAtAMultipleOf64(_ shape: [Int]) {
        let values = [Int8](repeating: -1, count: shape.reduce(1, *))
        let file = NPYFile.int8(values, shape: shape)
        #expect(file.starts(with: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]))
        let header = Int(file[8]) + Int(file[9]) * 256
        #expect((10 + header).isMultiple(of: 64))
        #expect(file[9 + header] == 10)
        #expect(file.count == 10 + header + values.count)
        let text = String(decoding: file[10..<10 + header], as: UTF8.self)
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        #expect(text.hasPrefix("{'descr': '|i1', 'fortran_order': False, 'shape': (\(sizes)), }"))
    }

    @Test func writesLittleEndianFloats() {
        let file = NPYFile.float32([1, -2], shape: [2])
        #expect(Array(file.suffix(8)) == [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])
    }
}
