extension CodecParameters {
    /// A parameter's number, or the default where it is not given.
    ///
    /// - Throws: `CodecError.invalidParameter` for text that is not a number of the type.
    func number<Number: LosslessStringConvertible>(
        _ key: String, default standard: Number
    ) throws(CodecError) -> Number {
        guard let text = values[key] else { return standard }
        guard let number = Number(text) else { throw .invalidParameter("\(key)=\(text)") }
        return number
    }
}
