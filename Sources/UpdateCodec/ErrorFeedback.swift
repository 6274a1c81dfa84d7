/// What compression has left behind, carried over to the next update
/// (Seide et al. 2014, doi:10.21437/Interspeech.2014-274; Karimireddy et al. 2019, arXiv:1901.09847).
///
/// The residual lives on the client, survives restarts, and may be lost without harm.
public struct ErrorFeedback: Hashable, Sendable {
    /// Compensated update minus what the other side decoded from it.
    public private(set) var residual: [Float]

    /// Starts without a residual.
    public init(count: Int) { residual = [Float](repeating: 0, count: count) }

    /// Goes on with a residual that was stored.
    public init(residual: [Float]) { self.residual = residual }

    /// Adds the residual to an update of the same size.
    public func compensate(_ update: inout [Float]) {
        precondition(update.count == residual.count, "update and residual differ in size")
        for index in update.indices { update[index] += residual[index] }
    }

    /// Keeps what the other side did not get: `residual = compensated − decoded`.
    public mutating func absorb(_ compensated: [Float], decoded: [Float]) {
        precondition(compensated.count == residual.count && decoded.count == residual.count, "sizes differ")
        for index in residual.indices { residual[index] = compensated[index] - decoded[index] }
    }
}
