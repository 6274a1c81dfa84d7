extension Array where Element == Float {
    /// Refuses values of which one is NaN or infinite.
    func checkFinite() throws(QuantizationError) {
        // Magnitudes order like their bit patterns, so one integer maximum tests all values at vector speed.
        let worst = withUnsafeBufferPointer { values in
            values.reduce(into: UInt32(0)) { $0 = Swift.max($0, $1.bitPattern & 0x7fff_ffff) }
        }
        if worst >= 0x7f80_0000, let index = firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    }

    /// Refuses rows that do not divide the values, or a value that is not finite; gives the length of a row.
    func checkedColumnCount(rows: Int) throws(QuantizationError) -> Int {
        guard rows > 0, count % rows == 0 else { throw .unevenRows(count: count, rows: rows) }
        try checkFinite()
        return count / rows
    }
}
