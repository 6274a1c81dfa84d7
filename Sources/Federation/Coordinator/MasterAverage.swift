/// The running mean of the masters of a federation, in which a version weighs the more the newer it is.
///
/// Single versions swing with the cohort that made them, and with the noise of compression and privacy; their mean swings
/// less. The weights decay polynomially, so that the mean reaches over a fixed part of the versions so far, about the last
/// 1/(1 + η), and needs to know no horizon: Shamir and Zhang 2013, section 4, arXiv:1212.1824.
package enum MasterAverage {
    /// The mean after one more version: `w̄ ← w̄ + (1 + η)/(n + η)·(w − w̄)`.
    ///
    /// - Parameters:
    ///   - average: the mean before it, of no weight when the version is the first.
    ///   - master: the new master, one value per parameter, as many as in `average`.
    ///   - version: number n of the new version, 1 or more; version 0 is random and does not count.
    ///   - recency: η, 0 or more; 0 is the plain mean of all versions.
    package static func next(
        _ average: [Float], taking master: [Float], version: UInt32, recency: Float
    ) -> [Float] {
        precondition(version > 0 && average.count == master.count && recency >= 0)
        let share = (1 + recency) / (Float(version) + recency)
        var next = average
        for index in next.indices { next[index] += share * (master[index] - next[index]) }
        return next
    }
}
