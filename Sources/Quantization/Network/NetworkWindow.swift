/// How a convolution or a pool moves over `[height, width]`.
public struct NetworkWindow: Hashable, Sendable {
    /// Rows of the window, at least 1.
    public let height: Int
    /// Columns of the window, at least 1.
    public let width: Int
    /// Rows from one position to the next, at least 1.
    public let strideHeight: Int
    /// Columns from one position to the next, at least 1.
    public let strideWidth: Int
    /// Rows of padding above, 0 or more.
    public let top: Int
    /// Columns of padding to the left, 0 or more.
    public let left: Int
    /// Rows of padding below, 0 or more.
    public let bottom: Int
    /// Columns of padding to the right, 0 or more.
    public let right: Int

    /// Describes a window; checked by the network that holds it.
    public init(
        height: Int = 1, width: Int, strideHeight: Int = 1, strideWidth: Int = 1, top: Int = 0, left: Int = 0,
        bottom: Int = 0, right: Int = 0
    ) {
        self.height = height
        self.width = width
        self.strideHeight = strideHeight
        self.strideWidth = strideWidth
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }

    /// Whether no side is padded.
    public var isUnpadded: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }

    /// Positions of the window over an input, nil where it does not fit.
    public func outputSize(over input: FeatureShape) -> (height: Int, width: Int)? {
        let (rows, columns) = (input.height + top + bottom - height, input.width + left + right - width)
        guard rows >= 0, columns >= 0 else { return nil }
        return (rows / strideHeight + 1, columns / strideWidth + 1)
    }

    /// Whether the padding is what TensorFlow calls SAME: `ceil(input / stride)` positions, an odd zero at the end.
    public func isSame(over input: FeatureShape) -> Bool {
        Self.same(input.height, height, strideHeight) == (top, bottom)
            && Self.same(input.width, width, strideWidth) == (left, right)
    }

    private static func same(_ length: Int, _ kernel: Int, _ stride: Int) -> (Int, Int) {
        let total = max(((length + stride - 1) / stride - 1) * stride + kernel - length, 0)
        return (total / 2, total - total / 2)
    }

    /// What is wrong with the window alone, if anything.
    var fault: String? {
        let limit = 4096
        guard [height, width, strideHeight, strideWidth].allSatisfy({ (1...limit).contains($0) }) else {
            return "window \(height)x\(width) with strides \(strideHeight), \(strideWidth) is not within 1 to \(limit)"
        }
        guard (0..<height).contains(top), (0..<height).contains(bottom), (0..<width).contains(left),
            (0..<width).contains(right)
        else { return "padding \(top), \(left), \(bottom), \(right) is not below the window \(height)x\(width)" }
        return nil
    }
}
