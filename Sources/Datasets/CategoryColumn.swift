/// A column of classes or client ids, collected value by value and checked at once.
///
/// The first value decides: after a whole number all must be whole numbers and stand for themselves; after any other
/// text all are names, which are numbered in alphabetical order.
struct CategoryColumn {
    /// Which values are accepted.
    enum Rule {
        /// Whole numbers of 0 to this limit, or any names.
        case any(limit: Int)
        /// Whole numbers below the number of classes that the training part has.
        case below(Int)
        /// The names of the classes that the training part has.
        case names([String])
    }

    /// What the values are, for messages.
    let what: String
    /// Numbers, or numbers of names in order of first appearance.
    private var values: [Int32] = []
    private var numberOfName: [String: Int32] = [:]
    private var isNamed = false
    private let rule: Rule

    init(_ what: String, _ rule: Rule) {
        self.what = what
        self.rule = rule
        guard case .names(let names) = rule else { return }
        isNamed = true
        for (number, name) in names.enumerated() { numberOfName[name] = Int32(number) }
    }

    /// Number of values so far.
    var count: Int { values.count }

    /// Adds the value that a field of the scanner's line holds.
    mutating func append(_ field: CSVScanner.Field, _ scanner: CSVScanner) throws(DatasetError) {
        let number = wholeNumber(field)
        if values.isEmpty, case .any = rule { isNamed = number == nil }
        if isNamed {
            values.append(try numberOfName(field, scanner))
        } else if let number, (0...limit).contains(number) {
            values.append(Int32(number))
        } else {
            throw scanner.malformed(
                column: field.column, "\(what) '\(field.string)' is not a whole number of 0 to \(limit)")
        }
    }

    /// The numbers and, if there are any, the names in the order of their numbers.
    func finished() -> (numbers: [Int32], names: [String]?) {
        guard isNamed else { return (values, nil) }
        if case .names(let names) = rule { return (values, names) }
        let names = numberOfName.keys.sorted()
        var ordered = [Int32](repeating: 0, count: names.count)
        for (position, name) in names.enumerated() {
            if let number = numberOfName[name] { ordered[Int(number)] = Int32(position) }
        }
        return (values.map { ordered[Int($0)] }, names)
    }

    private var limit: Int {
        switch rule {
        case .any(let limit): limit
        case .below(let count): count - 1
        case .names(let names): names.count - 1
        }
    }

    private mutating func numberOfName(
        _ field: CSVScanner.Field, _ scanner: CSVScanner
    ) throws(DatasetError) -> Int32 {
        let name = field.string
        if let known = numberOfName[name] { return known }
        guard !name.isEmpty else { throw scanner.malformed(column: field.column, "the \(what) is missing") }
        guard case .any(let limit) = rule else {
            throw scanner.malformed(column: field.column, "\(what) '\(name)' does not occur in the training part")
        }
        guard numberOfName.count <= limit else {
            throw scanner.malformed(column: field.column, "more than \(limit + 1) different \(what)s")
        }
        let number = Int32(numberOfName.count)
        numberOfName[name] = number
        return number
    }
}

/// The whole number that a field holds, if it holds one.
func wholeNumber(_ field: CSVScanner.Field) -> Int? { Int(field.string) }
