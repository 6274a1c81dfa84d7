import Foundation

/// Puts values on a line of pixels, and says where its ticks are.
struct FigureAxis {
    /// A mark with its text.
    struct Tick {
        var value: Double
        var label: String
    }

    /// How values are spaced.
    enum Spacing {
        case linear
        /// Each factor takes the same room; values above 0.
        case logarithmic
        /// Of accuracies: each halving of the error takes the same room.
        case error
    }

    let spacing: Spacing
    /// First and last value.
    let domain: ClosedRange<Double>
    /// Pixels of the first and of the last value.
    let pixels: (Double, Double)

    /// Where a value is; values outside are put at the ends.
    func position(_ value: Double) -> Double {
        let (low, high) = (scaled(domain.lowerBound), scaled(domain.upperBound))
        let share = high > low ? (scaled(value) - low) / (high - low) : 0
        return pixels.0 + min(max(share, 0), 1) * (pixels.1 - pixels.0)
    }

    private func scaled(_ value: Double) -> Double {
        switch spacing {
        case .linear: value
        case .logarithmic: log(max(value, 1e-9))
        case .error: -log(max(1 - value, 1e-5))
        }
    }

    /// Ticks among `candidates` that lie inside, at least so many pixels apart; earlier candidates come first.
    private func apart(_ candidates: [Tick], _ distance: Double) -> [Tick] {
        var kept: [Tick] = []
        for tick in candidates where domain.contains(tick.value) {
            let place = position(tick.value)
            if kept.allSatisfy({ abs(position($0.value) - place) >= distance }) { kept.append(tick) }
        }
        return kept.sorted { $0.value < $1.value }
    }

    // MARK: Bytes

    /// An axis of bytes that ends at round values.
    static func bytes(logarithmic range: ClosedRange<Double>, pixels: (Double, Double)) -> FigureAxis {
        let low = rounded(max(range.lowerBound, 1), .down)
        let high = rounded(max(range.upperBound, 2), .up)
        return FigureAxis(spacing: .logarithmic, domain: low...max(high, 2 * low), pixels: pixels)
    }

    /// The next of …, 1, 2, 5, 10, … in a direction; the value itself where it is one. Above 0 only.
    private static func rounded(_ value: Double, _ rule: FloatingPointRoundingRule) -> Double {
        let magnitude = pow(10, floor(log10(value) + 1e-9))
        let ratio = value / magnitude
        let steps = [1.0, 2, 5, 10]
        let step = rule == .up ? steps.first { $0 >= ratio - 1e-9 } : steps.last { $0 <= ratio + 1e-9 }
        return magnitude * (step ?? 1)
    }

    /// Powers of ten first, then fives and twos where there is room.
    func byteTicks(apart distance: Double = 52) -> [Tick] {
        guard spacing == .logarithmic else { return linearTicks(apart: distance, label: Self.byteLabel) }
        var candidates: [Tick] = []
        for digit in [1.0, 3, 2, 5] {
            for power in 0...17 {
                let value = digit * pow(10, Double(power))
                candidates.append(Tick(value: value, label: Self.byteLabel(value)))
            }
        }
        return apart(candidates, distance)
    }

    /// `200 kB`, `1.5 MB`.
    static func byteLabel(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        let power = min(Int(floor(log10(value) / 3 + 1e-9)), units.count - 1)
        return Markup.number(value / pow(1000, Double(power))) + "\u{a0}" + units[power]
    }

    // MARK: Other values

    /// Ticks at multiples of 1, 2 or 5 times a power of ten.
    func linearTicks(apart distance: Double, label: (Double) -> String) -> [Tick] {
        let span = domain.upperBound - domain.lowerBound
        guard span > 0 else { return [] }
        let room = max(1, abs(pixels.1 - pixels.0) / distance)
        let step = Self.rounded(span / room, .up)
        let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { Tick(value: Double($0) * step, label: label(Double($0) * step)) }
    }

    /// An axis of accuracies: spaced by error where the best is 90 % or more, for that is where the differences are.
    static func accuracy(_ range: ClosedRange<Double>, pixels: (Double, Double)) -> FigureAxis {
        let low = max(0, (range.lowerBound * 20).rounded(.down) / 20)
        guard range.upperBound >= 0.9 else {
            let high = min(1, (range.upperBound * 20 + 0.2).rounded(.up) / 20)
            return FigureAxis(spacing: .linear, domain: low...max(high, low + 0.05), pixels: pixels)
        }
        let high = min(1 - (1 - range.upperBound) * 0.8, 0.99999)
        return FigureAxis(spacing: .error, domain: low...max(high, low + 0.01), pixels: pixels)
    }

    func accuracyTicks() -> [Tick] {
        func label(_ value: Double) -> String { Markup.number(value * 100) + "\u{a0}%" }
        guard spacing == .error else { return linearTicks(apart: 34, label: label) }
        let candidates = [0.9, 0.5, 0.95, 0.98, 0.99, 0.8, 0.97, 0.7, 0.995, 0.999, 0.96, 0.6, 0.3, 0.1, 0]
        return apart(candidates.map { Tick(value: $0, label: label($0)) }, 22)
    }
}
