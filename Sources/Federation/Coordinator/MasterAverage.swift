/// The running mean of the masters of a federation: newer versions weigh more, and each older one β times as much as the
/// next. Single versions swing with the cohort that made them, and their mean swings less (Polyak and Juditsky 1992,
/// doi:10.1137/0330046; with a bias correction as in Kingma and Ba 2014, arXiv:1412.6980, section 3).
package enum MasterAverage {
    /// The mean after one more version.
    ///
    /// - Parameters:
    ///   - average: the mean before it; of no meaning when the version is the first.
    ///   - master: the new master, one value per parameter, as many as in `average`.
    ///   - version: number of the new version, 1 or more; version 0 is random and does not count.
    ///   - decay: β, 0 ≤ β < 1.
    package static func next(_ average: [Float], taking master: [Float], version: UInt32, decay: Float) -> [Float] {
        precondition(version > 0 && average.count == master.count)
        // 1 + β + β² + …, of which the new version has the first term. What is added after the 4,096th changes nothing
        // that a float can hold unless β is above 0.998.
        var weights = 0.0
        for _ in 0..<min(version, 4096) { weights = 1 + Double(decay) * weights }
        let share = Float(1 / weights)
        var next = average
        for index in next.indices { next[index] += share * (master[index] - next[index]) }
        return next
    }
}
