import Tensors

/// What parameters are held to while they are trained, after every step.
public enum ParameterConstraint: Hashable, Sendable {
    /// Dropped weights stay 0.
    case pruned(PruningMask)
    /// Weights of one cluster move together, by the mean of their steps (Han, Mao, Dally 2016, §3.2, arXiv:1510.00149).
    case shared(SharedWeights)
    /// Only these tensors move, by name in the layout; statistics of other layers rest too.
    case onlyTraining(tensors: Set<String>)
}

/// A constraint that was checked against the model.
final class ConstraintEnforcer {
    private enum Rule {
        case zero([Int])
        case tie([(range: Range<Int>, indices: [UInt8], count: Int)])
        case restore([(range: Range<Int>, values: [Float])])
    }

    private let rule: Rule

    /// - Parameter parameters: the model at the start; brought in line with the constraint.
    init(
        _ constraint: ParameterConstraint, layout: ParameterLayout, parameters: UnsafeMutablePointer<Float>
    ) throws(TrainingError) {
        switch constraint {
        case .pruned(let mask):
            guard mask.isKept.count == layout.count else {
                throw .parameterCountMismatch(expected: layout.count, actual: mask.isKept.count)
            }
            rule = .zero(mask.isKept.indices.filter { !mask.isKept[$0] })
        case .shared(let shared):
            rule = .tie(try shared.clusters(layout))
        case .onlyTraining(let names):
            if let unknown = names.subtracting(layout.entries.map(\.name)).min() {
                throw .invalidCompaction("the model has no tensor '\(unknown)'")
            }
            rule = .restore(
                layout.entries.filter { !names.contains($0.name) }.map { entry in
                    (
                        entry.range,
                        Array(UnsafeBufferPointer(start: parameters + entry.offset, count: entry.count))
                    )
                })
        }
        enforce(parameters)
    }

    func enforce(_ parameters: UnsafeMutablePointer<Float>) {
        switch rule {
        case .zero(let positions): for position in positions { parameters[position] = 0 }
        case .tie(let tensors):
            for tensor in tensors { Self.tie(parameters + tensor.range.lowerBound, tensor.indices, tensor.count) }
        case .restore(let tensors):
            for tensor in tensors {
                for (index, value) in tensor.values.enumerated() { parameters[tensor.range.lowerBound + index] = value }
            }
        }
    }

    /// Replaces the weights of each cluster by their mean.
    private static func tie(_ weights: UnsafeMutablePointer<Float>, _ indices: [UInt8], _ count: Int) {
        var sums = [Double](repeating: 0, count: count)
        var members = [Double](repeating: 0, count: count)
        for (position, index) in indices.enumerated() {
            sums[Int(index)] += Double(weights[position])
            members[Int(index)] += 1
        }
        for (position, index) in indices.enumerated() {
            weights[position] = Float(sums[Int(index)] / members[Int(index)])
        }
    }
}
