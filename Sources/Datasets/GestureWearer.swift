import Tensors

/// One person with a wearable: tempo, style, orientation and flaws of the sensor are drawn once and then kept.
struct GestureWearer {
    /// Samples in a window: 2.56 s at 25 Hz.
    static let stepCount = 64
    static let stepsPerSecond: Float = 25

    /// The draws of this person that the windows continue.
    var random: SeededRandom
    private let motions: [Motion]
    private let rows: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
    private let bias: SIMD3<Float>
    private let noise: Float

    /// A gesture in this person's style: coefficients of sine and cosine per harmonic, and turns per step.
    private struct Motion {
        let posture: SIMD3<Float>
        let turnsPerStep: Float
        var sines = [SIMD3<Float>](repeating: .zero, count: 3)
        var cosines = [SIMD3<Float>](repeating: .zero, count: 3)
    }

    init(_ seed: Seed, _ settings: GestureSettings) {
        var random = SeededRandom(seed)
        let diversity = Float(settings.diversity)
        let tempo = 1 + 0.14 * diversity * random.symmetric()
        let strength = 1 + 0.30 * diversity * random.symmetric()
        motions = Gesture.all.map { gesture in
            Self.motion(gesture, tempo: tempo, strength: strength, diversity: diversity, &random)
        }
        rows = Self.rotation(SIMD3(random.bell(), random.bell(), random.bell()) * (0.09 * diversity))
        bias = SIMD3(random.bell(), random.bell(), random.bell()) * (0.04 * diversity)
        noise = Float(settings.noise) * 0.18 * (1 + 0.3 * diversity * random.symmetric())
        self.random = random
    }

    private static func motion(
        _ gesture: Gesture, tempo: Float, strength: Float, diversity: Float, _ random: inout SeededRandom
    ) -> Motion {
        let turns = gesture.frequency * tempo * (1 + 0.05 * diversity * random.symmetric()) / stepsPerSecond
        let posture = gesture.posture + SIMD3(random.bell(), random.bell(), random.bell()) * (0.06 * diversity)
        var motion = Motion(posture: posture, turnsPerStep: turns)
        for (axis, harmonics) in gesture.harmonics.enumerated() {
            for (order, harmonic) in harmonics.enumerated() {
                let amplitude = harmonic.amplitude * strength * (1 + 0.35 * diversity * random.symmetric())
                let phase = sineAndCosine(turns: harmonic.phase + 0.05 * diversity * random.symmetric())
                motion.sines[order][axis] = amplitude * phase.cosine
                motion.cosines[order][axis] = amplitude * phase.sine
            }
        }
        return motion
    }

    /// Writes one window, `[3, 64]` in g, and draws everything that is particular to it.
    mutating func window(_ label: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let motion = motions[label]
        let turnsPerStep = motion.turnsPerStep * (1 + 0.06 * random.symmetric())
        let start = random.unitFloat()
        let strength = 1 + 0.4 * random.symmetric()
        let posture = motion.posture + SIMD3(random.bell(), random.bell(), random.bell()) * 0.08 + bias
        let (sines, cosines) = (motion.sines, motion.cosines)
        for step in 0..<Self.stepCount {
            let (s1, c1) = sineAndCosine(turns: start + turnsPerStep * Float(step))
            let (s2, c2) = (2 * s1 * c1, c1 * c1 - s1 * s1)
            let (s3, c3) = (s2 * c1 + c2 * s1, c2 * c1 - s2 * s1)
            var movement = sines[0] * s1 + cosines[0] * c1
            movement += sines[1] * s2 + cosines[1] * c2
            movement += sines[2] * s3 + cosines[2] * c3
            let body = posture + movement * strength
            target[step] = (rows.0 * body).sum() + noise * random.bell()
            target[Self.stepCount + step] = (rows.1 * body).sum() + noise * random.bell()
            target[2 * Self.stepCount + step] = (rows.2 * body).sum() + noise * random.bell()
        }
    }

    /// The rotation by the quaternion (1, v) after normalization, as rows of a matrix.
    private static func rotation(_ v: SIMD3<Float>) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
        let norm = 1 / (1 + (v * v).sum()).squareRoot()
        let (w, x, y, z) = (norm, v.x * norm, v.y * norm, v.z * norm)
        return (
            SIMD3(1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            SIMD3(2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            SIMD3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))
        )
    }
}

extension SeededRandom {
    /// Uniform in [−1, 1).
    mutating func symmetric() -> Float { 2 * unitFloat() - 1 }

    /// Bell-shaped with mean 0 and variance 1, within ±3.47: the sum of four uniforms (Irwin–Hall). Exact arithmetic up
    /// to one rounding, so the same on every machine, and a tenth of the time of `normal()`.
    mutating func bell() -> Float {
        let bits = next()
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
        // Four 16-bit numbers have mean 131,070 and standard deviation 65,536 / √3, nearly.
        return Float(Int64(sum) - 131_070) * 2.642_93e-5
    }
}
