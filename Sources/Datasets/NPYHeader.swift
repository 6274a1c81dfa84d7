/// The header of a `.npy` file: a Python dictionary literal with exactly `descr`, `fortran_order` and `shape`.
struct NPYHeader {
    /// What is wrong, and at which byte of the header.
    struct Failure: Error {
        let offset: Int
        let cause: String
    }

    let element: ElementType
    /// At least one size, each at least 1.
    let shape: [Int]

    /// Reads the text of a header.
    ///
    /// - Parameter acceptsSingleNumber: whether the shape may be `()`, which becomes `[1]`.
    init(_ bytes: [UInt8], acceptsSingleNumber: Bool = false) throws(Failure) {
        var parser = Parser(bytes: bytes)
        var element: ElementType?
        var isFortran: Bool?
        var shape: [Int]?
        try parser.expect("{")
        while !parser.skips("}") {
            let start = parser.offset
            let key = try parser.string()
            try parser.expect(":")
            switch key {
            case "descr" where element == nil: element = try parser.elementType()
            case "fortran_order" where isFortran == nil: isFortran = try parser.boolean()
            case "shape" where shape == nil: shape = try parser.tuple(acceptsEmpty: acceptsSingleNumber)
            default: throw Failure(offset: start, cause: "unexpected or repeated key '\(key)' in the .npy header")
            }
            if !parser.skips(",") {
                try parser.expect("}")
                break
            }
        }
        try parser.expectEnd()
        guard let element, let isFortran, let shape else {
            throw Failure(offset: 0, cause: "the .npy header lacks descr, fortran_order or shape")
        }
        guard !isFortran else {
            throw Failure(
                offset: 0, cause: "the array is in Fortran order: save it with numpy.ascontiguousarray")
        }
        self.element = element
        self.shape = shape.isEmpty ? [1] : shape
    }
}

/// Walks over the header's text; spaces between tokens are skipped.
private struct Parser {
    let bytes: [UInt8]
    private(set) var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func skipSpaces() {
        while offset < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset]) { offset += 1 }
    }

    private func failure(_ cause: String) -> NPYHeader.Failure { .init(offset: offset, cause: cause) }

    /// Steps over `token` if it is next.
    mutating func skips(_ token: String) -> Bool {
        skipSpaces()
        guard bytes[offset...].starts(with: token.utf8) else { return false }
        offset += token.utf8.count
        return true
    }

    mutating func expect(_ token: String) throws(NPYHeader.Failure) {
        guard skips(token) else { throw failure("'\(token)' expected in the .npy header") }
    }

    mutating func expectEnd() throws(NPYHeader.Failure) {
        skipSpaces()
        guard offset == bytes.count else { throw failure("text follows the end of the .npy header") }
    }

    mutating func string() throws(NPYHeader.Failure) -> String {
        let quote: UInt8 = skips("\"") ? 0x22 : 0x27
        if quote == 0x27 { try expect("'") }
        guard let end = bytes[offset...].firstIndex(of: quote) else { throw failure("string without an end") }
        defer { offset = end + 1 }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    mutating func boolean() throws(NPYHeader.Failure) -> Bool {
        if skips("True") { return true }
        try expect("False")
        return false
    }

    mutating func tuple(acceptsEmpty: Bool) throws(NPYHeader.Failure) -> [Int] {
        var sizes: [Int] = []
        try expect("(")
        while !skips(")") {
            sizes.append(try size())
            guard sizes.count <= ArrayFile.maximumRank else {
                throw failure("more than \(ArrayFile.maximumRank) dimensions")
            }
            if !skips(",") {
                try expect(")")
                break
            }
        }
        guard acceptsEmpty || !sizes.isEmpty else { throw failure("a single number is no array of samples") }
        return sizes
    }

    private mutating func size() throws(NPYHeader.Failure) -> Int {
        skipSpaces()
        let digits = bytes[offset...].prefix { (0x30...0x39).contains($0) }
        guard let value = Int(String(decoding: digits, as: UTF8.self)), value > 0 else {
            throw failure("every size of the array must be a whole number of at least 1")
        }
        offset += digits.count
        return value
    }

    mutating func elementType() throws(NPYHeader.Failure) -> ElementType {
        skipSpaces()
        guard offset < bytes.count, [0x22, 0x27].contains(bytes[offset]) else {
            throw failure("structured arrays are not accepted: save a plain array of numbers")
        }
        let start = offset
        let text = try string()
        let name = text.drop { "<|".contains($0) }
        switch name {
        case "f4": return .float32
        case "f8": return .float64
        case "i1": return .int8
        case "u1": return .uint8
        case "i2": return .int16
        case "u2": return .uint16
        case "i4": return .int32
        case "u4": return .uint32
        case "i8": return .int64
        case "u8": return .uint64
        default: break
        }
        let cause =
            if name.hasPrefix("O") {
                "the array holds pickled Python objects, which are never loaded: save it as numbers"
            } else if name.hasPrefix(">") {
                "the elements '\(text)' are big-endian: save them little-endian (astype('<f4'))"
            } else {
                "elements of type '\(text)' are not accepted: use f4, f8, i1…i8 or u1…u8"
            }
        throw .init(offset: start, cause: cause)
    }
}
