import Encryption
import Privacy
import Tensors
import UpdateCodec

extension CoordinatorCore {
    /// Whether the budget allows one more round. If not, the federation is complete and clients are told.
    mutating func canAffordRound() -> Bool {
        guard var rounds = privacy else { return true }
        do {
            let spending = try rounds.spending(of: next)
            // Keeps what was computed, which the release itself needs again.
            privacy = rounds
            guard !spending.fitsBudget else { return true }
            verdict = .budgetSpent(epsilon: lastEpsilon, next: spending.epsilon)
        } catch {
            effects.append(.warn("\(error)"))
            verdict = .budgetSpent(epsilon: lastEpsilon, next: .infinity)
        }
        finish()
        return false
    }

    /// The clients of the next round.
    ///
    /// A Poisson sample amplifies privacy only as long as nobody can tell who is in it: it comes from the system's
    /// generator, never from the federation's seed, which every client knows.
    mutating func drawCohort() -> [Int] {
        let ready = eligible
        let size = configuration.policy.cohort
        if privacy != nil, case .poisson(let rate) = size {
            var random = EntropyGenerator(entropy)
            return CohortSampler.poisson(rate, from: ready, using: &random)
        }
        let root = Seed(configuration.parameters.seed)
        if case .dealt(let rounds) = size {
            // The same for every attempt: a client that was in a round of this deal is in no other.
            return CohortSampler.dealt(
                rounds, from: ready, round: next.round, seed: root.derived("deal", (next.round - 1) / rounds))
        }
        return CohortSampler.draw(size, from: ready, seed: root.derived("cohort", next.round, next.failures))
    }

    /// Scales a decoded update down to the clip; whatever the client claims, its influence is bounded here.
    ///
    /// - Returns: whether it was within the clip.
    mutating func clipForPrivacy() throws(FederationError) -> Bool {
        guard let clip = privacy?.clip else { return false }
        do {
            let norm = try L2Clipping.clip(&scratch, toNorm: clip)
            return norm <= clip
        } catch {
            guard case .notFinite(let index) = error else { throw .privacy("\(error)") }
            throw .notFinite(index: index)
        }
    }

    /// The private mean of a round; nil when the release is refused, and then nothing of the sum is used.
    mutating func privateMean(of round: ActiveRound) -> [Float]? {
        privateMean(of: PrivateSum(round.accumulator, within: round.withinClip), round)
    }

    /// The same of the coefficients of a masked round.
    ///
    /// - Parameter clients: in the sum; fewer than the noise was made for are not released.
    mutating func privateCoefficients(_ sum: [Int32], bound: SharedBound, clients: Int) -> [Float]? {
        guard let round else { return nil }
        if let share = configuration.parameters.maskedPrivacy?.share, clients < share.survivors {
            effects.append(.warn("round \(round.attempt.round): \(clients) clients added noise for \(share.survivors)"))
            return nil
        }
        return privateMean(of: PrivateSum(sum, bound: bound), round)
    }

    private mutating func privateMean(of sum: PrivateSum, _ round: ActiveRound) -> [Float]? {
        guard var rounds = privacy else { return nil }
        do {
            let made = try rounds.release(
                sum, attempt: round.attempt, treeSecret: identity.seed, entropy: entropy)
            privacy = rounds
            self.round?.report.privacy = made.release
            return made.mean
        } catch {
            effects.append(.warn("round \(round.attempt.round) is not released: \(error)"))
            return nil
        }
    }

    private var lastEpsilon: Double {
        var ledger = privacy?.ledger
        return (try? ledger?.spent().epsilon) ?? 0
    }
}
