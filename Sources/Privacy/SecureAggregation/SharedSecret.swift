import Encryption

/// Shamir's secret sharing over the scalars of ristretto255, with Feldman's commitments (Shamir 1979,
/// doi:10.1145/359168.359176; Feldman 1987, doi:10.1109/SFCS.1987.4).
///
/// A holder's share is the value of a random polynomial at the holder's position plus one; the secret is the value at 0.
/// The coefficients times the generator are public and tell whether a share is what was dealt.
package struct SharedSecret {
    /// The shares, in the order of the positions that were asked for.
    package let shares: [GroupScalar]
    /// One element per coefficient, the secret's first.
    package let commitments: [GroupElement]

    /// Deals a secret.
    ///
    /// - Parameters:
    ///   - threshold: shares that reconstruct, 1 or more.
    ///   - entropy: gives as many random bytes as asked for.
    package init(
        dealing secret: GroupScalar, threshold: Int, to positions: [Int], entropy: (Int) -> [UInt8]
    ) throws(MaskingError) {
        var coefficients = [secret]
        for _ in 1..<max(1, threshold) { coefficients.append(try GroupScalar.random(entropy)) }
        commitments = coefficients.map { GroupElement(multiplying: $0) }
        shares = positions.map { position in
            let x = Self.abscissa(position)
            return coefficients.dropLast().reversed().reduce(coefficients[coefficients.count - 1]) { $0 * x + $1 }
        }
    }

    /// Whether a share lies on the committed polynomial; one multiplication in the group per commitment.
    package static func verify(_ share: GroupScalar, position: Int, commitments: [GroupElement]) -> Bool {
        guard let last = commitments.last else { return false }
        let x = abscissa(position)
        let expected = commitments.dropLast().reversed().reduce(last) { x * $0 + $1 }
        return GroupElement(multiplying: share) == expected
    }

    /// What the shares of some positions are multiplied by to give the secret (Lagrange at 0).
    package static func weights(of positions: [Int]) -> [GroupScalar] {
        let xs = positions.map(abscissa)
        return xs.indices.map { index in
            var numerator = GroupScalar(1)
            var denominator = GroupScalar(1)
            for other in xs.indices where other != index {
                numerator = numerator * xs[other]
                denominator = denominator * (xs[other] - xs[index])
            }
            guard let inverse = denominator.inverse else { preconditionFailure("positions are distinct") }
            return numerator * inverse
        }
    }

    /// The secret of as many shares as the threshold says.
    package static func reconstruct(_ shares: [GroupScalar], weights: [GroupScalar]) -> GroupScalar {
        zip(shares, weights).reduce(GroupScalar(0)) { $0 + $1.0 * $1.1 }
    }

    private static func abscissa(_ position: Int) -> GroupScalar { GroupScalar(UInt64(position) + 1) }
}

extension GroupScalar {
    /// A uniform scalar.
    package static func random(_ entropy: (Int) -> [UInt8]) throws(MaskingError) -> GroupScalar {
        let bytes = entropy(64)
        guard bytes.count == 64, bytes.contains(where: { $0 != 0 }) else { throw .entropy }
        return GroupScalar(reducing: bytes)
    }
}
