import Tensors

/// Gated recurrent unit over `[T, C]`, from a zero state (Cho et al. 2014, arXiv:1406.1078; reset gate behind the
/// recurrent product, which lets all three products of a step be one):
///
///     r = σ(Wr x + br + Ur h + cr)    z = σ(Wz x + bz + Uz h + cz)
///     n = tanh(Wn x + bn + r ∘ (Un h + cn))    h' = (1 − z) ∘ n + z ∘ h
///
/// The input's products of all steps are one GEMM, those of the state one GEMM per step.
final class GRUOperation: Operation {
    let outputCount: Int
    private let length: Int
    private let channels: Int
    private let units: Int
    private let everyStep: Bool
    private let tensors: GRUTensors
    /// `[batch × T, 3 units]`: input products, then r, z, n, then their gradients.
    private let gates: FloatBuffer
    /// `[batch × T, 3 units]`: gradients of the state's products. Its last third first holds `Un h + cn`.
    private let stateGates: FloatBuffer
    /// `[batch × T, units]`: the state before each step.
    private let previous: FloatBuffer
    private let product: FloatBuffer
    private let state: FloatBuffer
    private let stateGradient: FloatBuffer

    init(length: Int, channels: Int, units: Int, everyStep: Bool, tensors: GRUTensors, capacity: Int) {
        outputCount = everyStep ? length * units : units
        self.length = length
        self.channels = channels
        self.units = units
        self.everyStep = everyStep
        self.tensors = tensors
        gates = FloatBuffer(count: capacity * length * 3 * units)
        stateGates = FloatBuffer(count: capacity * length * 3 * units)
        previous = FloatBuffer(count: capacity * length * units)
        product = FloatBuffer(count: capacity * 3 * units)
        state = FloatBuffer(count: capacity * units)
        stateGradient = FloatBuffer(count: capacity * units)
    }

    func forward(_ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>) {
        let width = 3 * units
        BLAS.multiply(
            rows: pass.batch * length, columns: width, depth: channels, .init(input, stride: channels),
            .init(pass.parameters + tensors.inputWeight, stride: channels, transposed: true), into: gates.pointer,
            resultStride: width)
        Rows.add(
            pass.parameters + tensors.inputBias, .identity, to: gates.pointer, count: pass.batch * length,
            columns: width)
        state.pointer.update(repeating: 0, count: pass.batch * units)
        for step in 0..<length {
            BLAS.multiply(
                rows: pass.batch, columns: width, depth: units, .init(state.pointer, stride: units),
                .init(pass.parameters + tensors.stateWeight, stride: units, transposed: true), into: product.pointer,
                resultStride: width)
            Rows.add(
                pass.parameters + tensors.stateBias, .identity, to: product.pointer, count: pass.batch,
                columns: width)
            for sample in 0..<pass.batch {
                advance(sample, step)
                if everyStep {
                    (output + (sample * length + step) * units)
                        .update(from: state.pointer + sample * units, count: units)
                }
            }
        }
        if !everyStep { output.update(from: state.pointer, count: pass.batch * units) }
    }

    /// One step of one sample: gates from their products, then the new state.
    private func advance(_ sample: Int, _ step: Int) {
        let row = sample * length + step
        let gate = gates.pointer + row * 3 * units
        let product = product.pointer + sample * 3 * units
        let state = state.pointer + sample * units
        let kept = stateGates.pointer + row * 3 * units + 2 * units
        (previous.pointer + row * units).update(from: state, count: units)
        kept.update(from: product + 2 * units, count: units)
        eachVector { lane, count in
            let r = Gates.sigmoid(Vectors.load(gate + lane) + Vectors.load(product + lane))
            let z = Gates.sigmoid(Vectors.load(gate + units + lane) + Vectors.load(product + units + lane))
            let n = Gates.tanh(Vectors.load(gate + 2 * units + lane) + r * Vectors.load(kept + lane))
            let h = Vectors.load(state + lane)
            Vectors.store(r, gate + lane, count: count)
            Vectors.store(z, gate + units + lane, count: count)
            Vectors.store(n, gate + 2 * units + lane, count: count)
            Vectors.store((1 - z) * n + z * h, state + lane, count: count)
        }
    }

    func backward(
        _ pass: Pass, _ input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
        _ outputGradient: UnsafeMutablePointer<Float>, _ inputGradient: UnsafeMutablePointer<Float>?
    ) {
        let width = 3 * units
        let rows = pass.batch * length
        stateGradient.pointer.update(repeating: 0, count: pass.batch * units)
        for step in (0..<length).reversed() {
            for sample in 0..<pass.batch {
                if everyStep || step == length - 1 {
                    let source = outputGradient + (everyStep ? sample * length + step : sample) * units
                    let target = stateGradient.pointer + sample * units
                    for unit in 0..<units { target[unit] += source[unit] }
                }
                retreat(sample, step)
            }
            // Gradient of the state before: what passed the gate, plus what came through the products.
            BLAS.multiply(
                rows: pass.batch, columns: units, depth: width,
                .init(stateGates.pointer + step * width, stride: length * width),
                .init(pass.parameters + tensors.stateWeight, stride: units), keep: 1, into: stateGradient.pointer,
                resultStride: units)
        }
        weightGradient(gates.pointer, input, rows, channels, pass.gradients + tensors.inputWeight)
        weightGradient(stateGates.pointer, previous.pointer, rows, units, pass.gradients + tensors.stateWeight)
        Rows.sum(gates.pointer, count: rows, columns: width, into: pass.gradients + tensors.inputBias)
        Rows.sum(stateGates.pointer, count: rows, columns: width, into: pass.gradients + tensors.stateBias)
        guard let inputGradient else { return }
        BLAS.multiply(
            rows: rows, columns: channels, depth: width, .init(gates.pointer, stride: width),
            .init(pass.parameters + tensors.inputWeight, stride: channels), into: inputGradient,
            resultStride: channels)
    }

    private func weightGradient(
        _ gradient: UnsafePointer<Float>, _ input: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
        _ target: UnsafeMutablePointer<Float>
    ) {
        BLAS.multiply(
            rows: 3 * units, columns: columns, depth: rows, .init(gradient, stride: 3 * units, transposed: true),
            .init(input, stride: columns), into: target, resultStride: columns)
    }

    /// Turns one step's gates into gradients of their products, and the state's gradient into the part that passed the
    /// update gate.
    private func retreat(_ sample: Int, _ step: Int) {
        let row = sample * length + step
        let gate = gates.pointer + row * 3 * units
        let through = stateGates.pointer + row * 3 * units
        let before = previous.pointer + row * units
        let gradient = stateGradient.pointer + sample * units
        eachVector { lane, count in
            let (r, z, n) = (
                Vectors.load(gate + lane), Vectors.load(gate + units + lane), Vectors.load(gate + 2 * units + lane)
            )
            let dh = Vectors.load(gradient + lane)
            let dn = dh * (1 - z) * (1 - n * n)
            let dz = dh * (Vectors.load(before + lane) - n) * z * (1 - z)
            let dr = dn * Vectors.load(through + 2 * units + lane) * r * (1 - r)
            Vectors.store(dr, gate + lane, count: count)
            Vectors.store(dz, gate + units + lane, count: count)
            Vectors.store(dn, gate + 2 * units + lane, count: count)
            Vectors.store(dr, through + lane, count: count)
            Vectors.store(dz, through + units + lane, count: count)
            Vectors.store(dn * r, through + 2 * units + lane, count: count)
            Vectors.store(dh * z, gradient + lane, count: count)
        }
    }

    @inline(__always)
    private func eachVector(_ body: (_ lane: Int, _ count: Int) -> Void) {
        for lane in stride(from: 0, to: units, by: 8) { body(lane, min(8, units - lane)) }
    }
}

/// Where the tensors of a GRU start in the parameter vector.
struct GRUTensors {
    let inputWeight: Int
    let stateWeight: Int
    let inputBias: Int
    let stateBias: Int
}
