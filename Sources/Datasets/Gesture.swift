/// One of the activities: how a wearable is held and how it moves, over one period of the movement.
struct Gesture {
    /// Amplitude in g and phase in turns of one harmonic.
    typealias Harmonic = (amplitude: Float, phase: Float)

    let name: String
    /// Gravity as the sensor sees it on average, in g.
    let posture: SIMD3<Float>
    /// Periods per second.
    let frequency: Float
    /// Up to three harmonics for each of the axes x, y, z.
    let harmonics: [[Harmonic]]

    /// The six activities; a label is a position in this list.
    ///
    /// They are built so that one sample in time tells little: the two circles differ in sense of rotation only, the
    /// standing and walking arm hang alike, and every window begins anywhere in the movement.
    static let all: [Gesture] = [
        Gesture(
            name: "still", posture: [0.10, 0.05, 0.98], frequency: 0.4,
            harmonics: [[(0.05, 0)], [(0.05, 0.3)], [(0.03, 0.6)]]),
        Gesture(
            name: "walk", posture: [0.15, 0.05, 0.95], frequency: 1.1,
            harmonics: [[(0.20, 0), (0.40, 0.1)], [(0.36, 0.25)], [(0.12, 0.5), (0.56, 0.35), (0.12, 0.1)]]),
        Gesture(
            name: "run", posture: [0.55, 0.10, 0.75], frequency: 1.5,
            harmonics: [[(0.25, 0), (0.60, 0.1)], [(0.50, 0.25)], [(0.15, 0.5), (0.95, 0.35), (0.25, 0.1)]]),
        Gesture(
            name: "wave", posture: [0.30, 0.60, 0.40], frequency: 1.6,
            harmonics: [[(0.20, 0.5)], [(0.85, 0), (0.20, 0.2)], [(0.20, 0.25), (0.30, 0.4)]]),
        Gesture(
            name: "circle-left", posture: [0.75, 0.30, 0.40], frequency: 1.3,
            harmonics: [[(0.15, 0.1)], [(0.70, 0), (0.10, 0.3)], [(0.70, 0.25), (0.10, 0.5)]]),
        Gesture(
            name: "circle-right", posture: [0.75, 0.30, 0.40], frequency: 1.3,
            harmonics: [[(0.15, 0.1)], [(0.70, 0), (0.10, 0.3)], [(0.70, 0.75), (0.10, 0.5)]]),
    ]
}

/// Sine and cosine of an angle in turns, by additions and multiplications only: the same bits on every machine.
///
/// Taylor polynomials on a quarter turn to either side; the error is below 1e-5.
package func sineAndCosine(turns: Float) -> (sine: Float, cosine: Float) {
    (sine(turns: turns), sine(turns: turns + 0.25))
}

private func sine(turns: Float) -> Float {
    let wrapped = turns - (turns + 0.5).rounded(.down)
    // sin(π − x) = sin x folds the half turn onto a quarter to either side of 0.
    let folded = abs(wrapped) > 0.25 ? (wrapped < 0 ? -0.5 : 0.5) - wrapped : wrapped
    let x = folded * (2 * Float.pi)
    let square = x * x
    let inner = 1 / 120 + square * (-1 / 5040 + square * (1 / 362_880))
    return x * (1 + square * (-1 / 6 + square * inner))
}
