import IntegerRuntime
import Quantization

/// Places of all activations in one arena: tensors that live at the same time do not overlap. Largest first, each in the
/// lowest gap that holds it (Pisarchyk, Lee 2020, arXiv:2001.03288, "greedy by size").
struct ArenaPlan {
    static let alignment = 16

    /// One per tensor, in bytes.
    let offsets: [Int]
    /// End of the last tensor, aligned.
    let byteCount: Int

    private struct Placement {
        let first: Int
        let last: Int
        let start: Int
        let end: Int
    }

    init(_ network: QuantizedNetwork) {
        let lives = Self.lives(network)
        let order = network.tensors.indices.sorted {
            let (left, right) = (network.tensors[$0].byteCount, network.tensors[$1].byteCount)
            return left == right ? $0 < $1 : left > right
        }
        var offsets = [Int](repeating: 0, count: network.tensors.count)
        var placed: [Placement] = []
        for index in order {
            let size = Self.aligned(network.tensors[index].byteCount)
            let rivals = placed.filter { $0.first <= lives[index].last && lives[index].first <= $0.last }
                .sorted { $0.start < $1.start }
            var start = 0
            for rival in rivals {
                if rival.start - start >= size { break }
                start = max(start, rival.end)
            }
            offsets[index] = start
            placed.append(
                Placement(first: lives[index].first, last: lives[index].last, start: start, end: start + size))
        }
        self.offsets = offsets
        byteCount = placed.map(\.end).max() ?? 0
    }

    static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

    /// First and last operation during which each tensor holds something that is needed.
    private static func lives(_ network: QuantizedNetwork) -> [(first: Int, last: Int)] {
        var lives = [(first: Int, last: Int)](repeating: (first: -1, last: -1), count: network.tensors.count)
        for (step, node) in network.nodes.enumerated() {
            lives[node.output] = (step, step)
            for input in node.inputs { lives[input].last = step }
        }
        lives[network.output].last = network.nodes.count
        return lives
    }
}
